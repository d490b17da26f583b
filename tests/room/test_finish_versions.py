"""Versions and rights: what each version is, what keeps it here, which right ends when; and what the machine made, refused by name."""

from __future__ import annotations

import datetime
import html

import pytest

from answerprint import finishing
from tests.room.test_closed import client_of

LIST = "version,of,differs,cut,shape,language,number,media,note\nmaster,,,v01.otio,16:9,en,FP/30/001,web,\ntall,master,shape,none.otio,9:16,,,,keep the cup whole\n"


@pytest.fixture(scope="module")
def family(cutting):
    """The room with two versions, of which the second has no cut, and two rights, of which one is over."""
    home = cutting.opened.path
    ends = datetime.date.today() + datetime.timedelta(days=20)
    (home / "versions.csv").write_text(LIST)
    (home / "rights.csv").write_text(f"item,holder,media,until,ai clause\nAna Ruiz,Ana Ruiz,all media,{ends},no digital replicas\nSalt song,North Music,tv,2020-01-31,\n")
    yield cutting.opened
    (home / "versions.csv").unlink()
    (home / "rights.csv").unlink()


def test_each_version_says_what_it_is_and_the_list_keeps_its_order(family):
    found = family.ana.get("/api/finish/versions").json()
    assert [(one["name"], one["depth"], one["is_a"], one["length"]) for one in found["versions"]] == [("master", 0, "", "00:00:02:12"), ("tall", 1, "shape 9:16", None)]
    page = html.unescape(family.ana.get("/finish/versions").text)
    assert "keep the cup whole" in page
    assert 'href="/cut/v01"' in page
    assert any("tall" in says for says in found["versions"][1]["says"])


def test_what_keeps_a_version_here_stands_under_who_it_waits_for(family):
    found = family.ana.get("/api/finish/versions?version=tall").json()
    assert found["version"] == "tall"
    assert any("tall: the question is not answered." in one["says"] for one in found["missing"])
    assert family.ana.get("/api/finish/versions?version=nowhere").status_code == 409


def test_a_right_that_ended_says_so_and_one_that_ends_within_sixty_days_is_named_with_its_versions(family):
    found = family.ana.get("/api/finish/versions").json()
    song = found["rights"][1]
    assert song["days_left"] < 0
    assert [names for says, names in song["says"] if "ended on 2020-01-31" in says] == [["master"]]
    assert [("Ana Ruiz" in says, "master" in says) for says in found["endings"]] == [(True, True)]


def test_a_list_that_cannot_be_read_is_said_on_the_page(family):
    path = family.path / "rights.csv"
    held = path.read_text()
    path.write_text("item\nx\n")
    assert "no column holder" in family.ana.get("/api/finish/versions").json()["rights_wrong"]
    path.write_text(held)


def test_a_piece_is_refused_by_name_and_taken_back_and_only_the_crew_sees_any_of_it(family):
    production = family.room.house.production
    finishing.propose(production, "reframing", "tall shot 9: A001_C001", inputs=(), files={}, says=("a face leaves the frame",))
    body = {"what": "reframing", "about": "tall shot 9: A001_C001", "because": "it is morning there"}
    assert family.ana.post("/api/made/take-back", body).status_code == 409
    assert family.ana.post("/api/made/refuse", body).json() == {"by": "Ana Ferrer", "because": "it is morning there"}
    (piece,) = [one for one in family.ana.get("/api/made").json() if one["what"] == "reframing"]
    assert (piece["refused"], piece["says"]) == ({"by": "Ana Ferrer", "because": "it is morning there"}, ["a face leaves the frame"])
    assert family.ana.post("/api/made/take-back", body).status_code == 200
    assert finishing.refused(production, "reframing") == {}
    assert family.ana.post("/api/made/refuse", {**body, "about": "tall shot 10: none"}).status_code == 409
    assert family.ana.post("/api/made/refuse", {**body, "what": "grade"}).status_code == 422
    client, _, guest = client_of(family.room)
    for place in ("/finish/versions", "/api/finish/versions", "/api/made"):
        assert client.get(place).status_code == 403
    assert client.post("/api/made/refuse", json=body, headers={"origin": "http://localhost:8484", "x-answerprint": guest.form}).status_code == 403
