"""What a producer lets services have and cost, in the room: signed in full words, from the very page that was on the screen."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from answerprint import calling
from answerprint.ledger.verify import verify
from answerprint.model.providers import Request
from answerprint.spot import Spot
from tests.providers.serving import Local, set_up
from tests.room.argued import Argued, argued

__all__ = ["argued"]

MARA_LETS = ["words of the brief", "frames"]


@dataclass
class House:
    """A room with four services in the settings of the computer that it runs on."""

    argued: Argued
    server: Local
    settings: Path

    @property
    def asked(self) -> dict[str, Any]:
        return dict(self.argued.mara.get("/api/crew").json()["asked"])

    @property
    def charter(self) -> int | None:
        found: int | None = self.argued.mara.get("/api/crew").json()["charter"]
        return found

    def service(self, name: str) -> dict[str, Any]:
        return next(dict(one) for one in self.asked["services"] if one["name"] == name)

    def let(self, name: str = "writer", kind: str = "words", what: tuple[str, ...] = ("words of the brief",), **more: Any) -> Any:
        at = self.service(name)["at"]
        return self.argued.mara.post("/api/crew/let", {"name": name, "kind": kind, "at": at, "what": list(what), "replaces": self.charter, **more})

    def sign(self, answer: Any) -> list[str]:
        """What was signed, in words."""
        offer = answer.json()
        assert self.argued.mara.sign(offer).status_code == 200, offer
        return list(offer["lists"])


@pytest.fixture
def house(argued: Argued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with set_up(tmp_path, monkeypatch) as (server, own):
        yield House(argued=argued, server=server, settings=own)


def test_a_producer_lets_a_service_and_reads_in_full_words_what_is_signed(house: House) -> None:
    assert house.service("writer")["let"] is None
    assert "Nobody let it be asked." in house.argued.mara.get("/crew").text
    at = house.service("writer")["at"]
    assert house.sign(house.let(what=("frames", "words of the brief"), unpriced=True)) == [
        f"writer at “{at}” may be asked for words.", "What may go to it: the words of the brief and the script; frames of what was shot. Nothing else of the shoot.",
        "writer may be asked also where its price is not known, and no budget stops that.", "Until now nobody let it be asked.", "Everything else in the charter stays as it is.",
    ]  # fmt: skip
    assert house.service("writer")["let"] == {"provider": "writer", "at": at, "kind": "words", "what": MARA_LETS, "unpriced": True}
    lines = house.sign(house.let(what=()))
    assert lines[1:3] == ["Nothing of the shoot goes to it.", f"Until now: writer at “{at}” may be asked for words. What may go to it: the words of the brief and the script; frames of what was shot. Nothing else of the shoot. writer may be asked also where its price is not known, and no budget stops that."]
    back = house.argued.mara.post("/api/crew/let-no-more", {"name": "writer", "kind": "words", "replaces": house.charter})
    assert house.sign(back)[0] == f"writer at “{at}” may be asked for words no more."
    assert house.service("writer")["let"] is None
    assert "nothing to sign" in house.argued.mara.post("/api/crew/let-no-more", {"name": "writer", "kind": "words", "replaces": house.charter}).json()["says"]
    assert verify(house.argued.path / ".answerprint" / "record.db").findings == ()
    assert house.server.asked == [], "the room asks nobody"


def test_the_budget_is_signed_and_held_against_what_was_spent_and_what_left_is_told_by_permission(house: House) -> None:
    mara = house.argued.mara
    assert "is no amount" in mara.post("/api/crew/spend", {"amount": "a lot", "currency": "USD", "replaces": house.charter}).json()["says"]
    assert "is no amount" in mara.post("/api/crew/spend", {"amount": "1,500", "currency": "USD", "replaces": house.charter}).json()["says"]
    assert house.sign(mara.post("/api/crew/spend", {"amount": "1,50", "currency": "usd", "replaces": house.charter}))[:2] == ["Services may cost 1.50 USD together on this production.", "Until now they might cost nothing in USD."]
    house.sign(house.let(what=()))
    spot = Spot(house.argued.path)
    writer = calling.opened(spot.settings, "writer")
    calling.ask(spot, writer, Request(kind="words", words="Six words for the sea.", most_tokens=100), what="a line")
    assert house.asked["budgets"] == [{"currency": "USD", "may": "1.50", "spent": "0.004009", "left": "1.495991"}]
    sent, received = writer.traffic[0].sent, writer.traffic[0].received
    (row,) = house.asked["left"]
    assert (row["provider"], row["at"], row["carries"], row["questions"], row["failed"], row["sent"], row["received"]) == ("writer", writer.address, [], 1, 0, sent, received)
    text = html.unescape(mara.get("/crew").text)
    assert f"1 asked, {sent} bytes out" in text
    assert "0.004009 of 1.50 USD went; 1.495991 left." in text
    assert house.argued.jo.get("/api/crew").json()["asked"]["budgets"] == [{"currency": "USD", "may": "1.50", "spent": None, "left": None}], "the cost is the producer's until they show it"
    assert house.sign(mara.post("/api/crew/spend", {"amount": "0", "currency": "USD", "replaces": house.charter}))[0] == "Services may cost nothing in USD any more; until now 1.50 USD."
    assert "and no budget in USD is signed any more" in mara.get("/crew").text


def test_nobody_without_the_producers_seat_lets_anything_leave(house: House) -> None:
    jo, seen = house.argued.jo, house.charter
    offered = house.argued.mara.post("/api/crew/roles", {"person": "Jo Abara", "take": ["director"], "leave": ["DP"]}).json()
    assert house.argued.mara.sign(offered).status_code == 200
    at = house.service("writer")["at"]
    for path, body in (("let", {"name": "writer", "kind": "words", "at": at, "what": ["rushes"]}), ("let-no-more", {"name": "writer", "kind": "words"}), ("spend", {"amount": "50", "currency": "EUR"})):
        answer = jo.post(f"/api/crew/{path}", {**body, "replaces": seen})
        assert (answer.status_code, "producer" in answer.json()["says"]) == (409, True)
    text = jo.get("/crew").text
    assert 'class="let"' not in text
    assert 'id="spend"' not in text
    offer = house.let().json()
    assert jo.post("/api/sign", {"token": offer["token"], "assertion": {}}).status_code != 200, "an offer is one session's"
    assert house.service("writer")["let"] is None


def test_a_charter_that_another_producer_signed_meanwhile_is_looked_at_first(house: House) -> None:
    seen, at = house.charter, house.service("writer")["at"]
    before = house.let().json()
    house.sign(house.let("stills", "pictures"))
    stale = house.argued.mara.post("/api/crew/let", {"name": "writer", "kind": "words", "at": at, "what": [], "replaces": seen})
    assert stale.status_code == 409
    assert "signed another charter meanwhile" in stale.json()["says"]
    assert house.argued.mara.sign(before).status_code == 409, "what was offered before is refused when it is signed"
    assert [one["let"] is not None for one in house.asked["services"]] == [False, True, False, False]
    assert house.argued.mara.post("/api/crew/spend", {"amount": "5", "currency": "EUR"}).status_code == 422, "a page says which charter it showed"


def test_a_service_whose_address_changed_is_another_service(house: House) -> None:
    at = house.service("writer")["at"]
    house.sign(house.let())
    text = house.settings.read_text(encoding="utf-8")
    house.settings.write_text(text.replace("127.0.0.1", "localhost", 1), encoding="utf-8")
    moved = house.service("writer")
    assert (moved["moved"], moved["let"]["at"], moved["at"]) == (True, at, at.replace("127.0.0.1", "localhost"))
    assert f"It was let at {at}. The settings have it elsewhere now" in html.unescape(house.argued.mara.get("/crew").text)
    answer = house.argued.mara.post("/api/crew/let", {"name": "writer", "kind": "words", "at": at, "what": ["rushes"], "replaces": house.charter})
    assert answer.status_code == 409
    assert "at another address it is another service" in answer.json()["says"]
    lines = house.sign(house.let())
    assert lines[0].startswith(f"writer at “{moved['at']}” ")
    assert lines[2].startswith(f"Until now: writer at “{at}” ")
    house.settings.write_text("", encoding="utf-8")
    gone = house.service("writer")
    assert (gone["set_up"], gone["let"] is not None) == (False, True)
    house.sign(house.argued.mara.post("/api/crew/let-no-more", {"name": "writer", "kind": "words", "replaces": house.charter}))
    assert house.asked["services"] == []


def test_what_a_service_lacks_is_said_without_asking_it(house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = house.settings.read_text(encoding="utf-8")
    more = f'[providers.here]\nuses = "diffusers"\nfolder = "{tmp_path}"\n[providers.far]\nuses = "anthropic"\nmodel = "m"\nkey = "LOCAL_KEY"\n[providers.theirs]\nuses = "of-another-package"\n'
    house.settings.write_text(text + more, encoding="utf-8")
    monkeypatch.setattr(calling.standing, "offline", lambda: True)
    house.server.close()
    monkeypatch.delenv("LOCAL_KEY")
    said = {one["name"]: one["lacking"] for one in house.asked["services"]}
    assert said["writer"].startswith("its key is not in the environment as LOCAL_KEY")
    assert said["comfy"].startswith("offline: nobody answers at 127.0.0.1:")
    assert "has no model_index.json" in said["here"]
    assert "is not of this house" in said["theirs"]
    monkeypatch.setenv("LOCAL_KEY", "sk-local-0123456789abcdef")
    assert house.service("far")["lacking"] == "this machine is offline: there is no way out of it now, to api.anthropic.com or anywhere."
    assert house.service("far")["at"] == "https://api.anthropic.com/v1"
    text = html.unescape(house.argued.mara.get("/crew").text)
    assert "It cannot be asked now: this machine is offline" in text
    assert "It runs on this machine: nothing leaves, and it needs nobody's leave." in text
    house.settings.write_text('[providers.writer]\nuses = "openai-chat"\nkey = "sk-proj-verysecret"\n', encoding="utf-8")
    assert "names where the key lies" in house.asked["wrong"]
    assert "verysecret" not in house.argued.mara.get("/crew").text
