"""Critics in the room: what is said beside an empty chair is closed until somebody opens it, and the gate asks for no more than that."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from answerprint import critiquing
from answerprint.gate import gate
from tests.deciding import Crewed
from tests.room.argued import Argued, argued

__all__ = ["argued"]

TEXT = "They look at each other and talk past each other."


@pytest.fixture
def quiet(argued: Argued, monkeypatch: pytest.MonkeyPatch) -> Argued:
    """The room of three, in which no process is started."""
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(argued.room.jobs, "start", lambda name, title, work: started.append(tuple(work)))
    argued.room.started = started  # type: ignore[attr-defined]
    return argued


def said(spot: Crewed, critic: str, *, on: str = "cut:3", version: str = "master", seal: str = "", uses: str = "A001_C003 0.400-2.400 at 100", offer: str | None = None) -> int:
    """An idea as asking the critics leaves it in the record."""
    desk = spot.desk
    body: dict[str, Any] = {
        "schema": 1, "critic": critic, "on": on, "text": TEXT, "gives_up": "An hour.", "away": True, "version": version, "cut": seal or desk.cuts[version].seal,
        "facts": [{"digest": "blake3:0", "name": f"{on} uses", "value": uses}, {"digest": "blake3:0", "name": f"{on} face height", "value": "0.310"}],
        "offer": {"kind": "timeline", "file": offer, "digest": "blake3:1"} if offer else None,
    }  # fmt: skip
    with spot.production.writer() as record:
        return record.append("idea", body).n


def chairs(who: Any, version: str = "") -> dict[str, Any]:
    return {one["critic"]: one for one in who.get(f"/api/critics?version={version}").json()["chairs"]}


def lacks(spot: Crewed, version: str = "master") -> tuple[str, ...]:
    return critiquing.missing(spot.desk, spot.desk.cuts[version])


def test_ideas_are_closed_to_each_of_the_crew_until_they_open_them_also_on_arguments_and_to_a_client_for_good(quiet: Argued) -> None:
    n = said(quiet.spot, "editor", uses="<script>alert(1)</script>")
    for one in (quiet.mara, quiet.jo):
        assert (chairs(one)["editor"]["count"], chairs(one)["editor"]["ideas"]) == (1, [])
        assert TEXT not in one.get("/critics").text
        page = one.get("/arguments")
        assert (TEXT in page.text, "/critics?version=master#chair-editor" in page.text) == (False, True)
    assert quiet.mara.post("/api/critics/open", {"version": "master", "critic": "editor"}).json() == {"opened": True}
    (idea,) = chairs(quiet.mara)["editor"]["ideas"]
    assert (idea["number"], idea["text"], idea["gives_up"]) == (f"I{n}", TEXT, "An hour.")
    assert ["shot 3: face height", "0.310"] in idea["facts"]
    assert TEXT in quiet.mara.get("/critics").text
    assert TEXT in quiet.mara.get("/arguments").text
    assert TEXT not in quiet.jo.get("/arguments").text
    assert not {"score", "rank", "order"} & set(idea)
    quiet.jo.post("/api/critics/open", {"version": "master", "critic": "editor"})
    page = quiet.jo.get("/critics").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert quiet.jo.post("/api/critics/open", {"version": "master", "critic": "gaffer"}).status_code == 409
    _, token = quiet.room.doors.give_link(round=1, version="master", contact="Lena Faro", days=1)
    quiet.jo.client.cookies.set("answerprint", quiet.room.doors.use_link(token).session)
    for path in ("/critics", "/api/critics"):
        assert quiet.jo.get(path).status_code == 403


def test_the_gate_asks_only_that_somebody_opened_what_stands_beside_an_empty_chair(quiet: Argued) -> None:
    assert lacks(quiet.spot) == ()  # nobody asked them: there is nothing to open
    said(quiet.spot, "editor")
    said(quiet.spot, "dp")
    (says,) = lacks(quiet.spot)  # Jo is the DP
    assert "the editor's chair is empty" in says
    assert "answerprint critics FOLDER --critic editor --who 'Mara Lind'" in says
    assert (chairs(quiet.mara)["dp"]["people"], chairs(quiet.mara)["dp"]["waits"], chairs(quiet.mara)["editor"]["waits"]) == (["Jo Abara"], False, True)
    assert [one.says for one in gate(quiet.spot.desk, "master", sheet_seen=lambda cut: True).missing if one.what == "critics beside empty chairs"] == [says]
    quiet.jo.post("/api/critics/open", {"version": "master", "critic": "editor"})
    assert lacks(quiet.spot) == ()
    assert not chairs(quiet.mara)["editor"]["waits"]
    assert lacks(quiet.spot, "square") == ()


def test_an_idea_about_a_cut_that_is_no_more_says_so_and_a_new_cut_is_asked_about_in_the_background(quiet: Argued, monkeypatch: pytest.MonkeyPatch) -> None:
    said(quiet.spot, "editor")
    said(quiet.spot, "editor", on="cut:4", uses="A001_C099 0.400-2.400 at 150")
    quiet.spot.cut("en", trim={1: 5})
    assert lacks(quiet.spot) == ()
    editor = chairs(quiet.mara)["editor"]
    assert (editor["count"], editor["asked"], len(editor["earlier"])) == (0, False, 2)
    assert all(one["about"].startswith("about an earlier cut") and one["plays"] == [] for one in editor["earlier"])
    assert "which is not in this one" in editor["earlier"][1]["about"]
    page = quiet.mara.get("/critics").text
    assert "Nobody has asked them about master as it is cut now." in page
    (told,) = quiet.mara.get("/api/arguments").json()["crafts"]
    assert [(one["about"], one["open"]) for one in told["arguments"]] == [("shot 3 of an earlier cut of master", False), ("shot 4 of an earlier cut of master", False)]
    home = str(quiet.path)
    assert 'class="ask"' in quiet.mara.get("/critics").text
    assert quiet.mara.post("/api/critics/start", {"version": "square"}).json() == {"job": "critics square"}
    monkeypatch.setattr(critiquing, "silent", lambda desk, version: "cuts/en.otio is the machine's rough cut of entry 9, to the frame: nobody has cut it yet.")
    page = quiet.mara.get("/critics").text
    assert "Ask about the rough cut all the same" in page
    assert "nobody has cut it yet" in page
    assert quiet.mara.post("/api/critics/start", {"version": "master"}).status_code == 409
    quiet.mara.post("/api/critics/start", {"version": "master", "assembly": True})
    assert quiet.room.started == [("critics", "--production", home, "--version=square"), ("critics", "--production", home, "--version=master", "--assembly")]  # type: ignore[attr-defined]


def test_another_cut_is_played_once_its_movie_is_made_and_leaves_in_every_format_with_what_that_cannot_hold(quiet: Argued) -> None:
    offer = "cuts/ideas/master turned round.otio"
    (quiet.path / offer).parent.mkdir()
    shutil.copyfile(quiet.path / "cuts" / "en_square.otio", quiet.path / offer)
    n = said(quiet.spot, "editor", offer=offer)
    quiet.mara.post("/api/critics/open", {"version": "master", "critic": "editor"})
    (idea,) = chairs(quiet.mara)["editor"]["ideas"]
    assert [which for which, _ in idea["plays"]] == ["as", "offered"]
    assert quiet.mara.get(f"/api/critics/play/{n}/offered").json()["making"] == 0.0
    assert quiet.mara.get(f"/api/critics/play/{n + 1}/offered").status_code == 404
    assert quiet.mara.get(f"/critics/offers/{n}/otio").content == (quiet.path / offer).read_bytes()
    assert b"xmeml" in quiet.mara.get(f"/critics/offers/{n}/xmeml").content
    assert quiet.mara.get(f"/critics/offers/{n}/../../master").status_code == 404
    losses = quiet.mara.get(f"/api/critics/offers/{n}").json()
    assert list(losses) == ["otio", "fcpxml", "xmeml", "edl"]
    assert losses["otio"] == []
