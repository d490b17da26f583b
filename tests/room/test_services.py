"""Asking a service from a page: priced and told before, asked in a process of its own, refused where anything changed, cut off by Stop, and signed with nobody's name but the asker's."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from answerprint import calling, filling, slots
from answerprint.desk import Desk
from answerprint.ledger.store import Record
from answerprint.model.judgments import Revoke
from answerprint.room.app import Room
from answerprint.spot import Spot
from tests.ledger.signing import Hand
from tests.providers.serving import KEY, Handler, Local
from tests.room.conftest import ORIGIN, Opened
from tests.room.slotted import slotted
from tests.test_filling import SCRIPT

ASKED = {"slot": "STOCK:1", "count": 2, "seed": 7}


class Asking:
    """A room over a production with one stock slot, and a local server that makes pictures for four cents each."""

    def __init__(self, opened: Opened, server: Local, settings: Path) -> None:
        self.opened, self.server, self.settings, self.room = opened, server, settings, opened.room

    @property
    def production(self) -> Spot:
        return Spot(self.opened.path)

    def plan(self, wanted: dict[str, Any] | None = None, service: str = "stills") -> Any:
        return self.opened.ana.post("/api/asking/plan", {"road": "candidates", "service": service, "wanted": wanted or ASKED})

    def start(self, plan: dict[str, Any], wanted: dict[str, Any] | None = None, **agreed: str) -> Any:
        return self.opened.ana.post("/api/asking/start", {"road": "candidates", "service": "stills", "wanted": wanted or ASKED, "agreed": plan["agreed"] | agreed})

    def stop(self) -> Any:
        return self.opened.ana.post("/api/asking/stop", {"road": "candidates", "wanted": {"slot": "STOCK:1"}})

    def over(self) -> None:
        """Wait for the work to end."""
        until(lambda: (job := self.room.jobs.of("slots STOCK:1")) is None or job.state == "wrong")

    def written(self) -> list[dict[str, Any]]:
        return [body for _, body in self.numbered()]

    def numbered(self) -> list[tuple[int, dict[str, Any]]]:
        with Record.open(self.production.inside / "record.db") as record:
            return [(entry.n, body) for entry in record.entries(kind="proposal") if (body := entry.read()) is not None]


def until(holds: Callable[[], bool]) -> None:
    for _ in range(6000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    with slotted(tmp_path, monkeypatch) as (opened, server, own):
        yield Asking(opened, server, own)


def test_what_is_asked_stands_on_the_screen_and_is_asked_once_by_name_in_another_process(asking: Asking) -> None:
    plan = asking.plan().json()
    assert (plan["price"], plan["to"], plan["leaves"], plan["why_not"], plan["open"], plan["found"]) == ("0.08 USD", f"{asking.server.address}/v1", ["rain on a window"], [], [], False)
    assert (asking.server.asked, asking.written()) == ([], []), "a plan sends nothing and writes nothing down"
    assert asking.start(plan).json() == {"job": "slots STOCK:1"}
    assert asking.start(plan).status_code in (200, 409), "a second press, while it runs or right after"
    asking.over()
    assert [path for _, path, _, _ in asking.server.asked] == ["/v1/images/generations"]
    question = next(body for body in asking.written() if body.get("what") == "question")
    assert (question["by"], question["model"], question["for"]) == ("Ana Ferrer", "small", "2 pictures for STOCK:1")
    desk = Desk(asking.production)
    made = filling.candidates(desk, slots.named(desk, "STOCK:1"))
    assert [one.file for one in made] == ["assets/generated/STOCK-1 01.png", "assets/generated/STOCK-1 02.png"]
    assert not slots.servings(asking.production), "nothing is chosen by being made"
    assert asking.plan().json()["found"]
    assert KEY not in json.dumps(asking.written())


def test_what_is_asked_and_who_asks_stand_in_no_list_of_processes(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def begins(command: list[str], **_: Any) -> Any:
        seen.append(command)
        raise OSError(11, "no more processes")

    monkeypatch.setattr("answerprint.room.jobs.subprocess.Popen", begins)
    wanted = ASKED | {"words": "neon over wet tarmac"}
    assert asking.start(asking.plan(wanted).json(), wanted).status_code == 200
    asking.over()
    assert [one[3:] for one in seen] == [["ask", "--production", str(asking.production.path)]]


def test_a_service_that_is_asked_for_something_else_or_is_not_there_is_a_sentence(asking: Asking) -> None:
    assert "makes" not in asking.plan(service="stills").text
    assert "is for pictures or video" in asking.plan(service="writer").json()["says"]
    assert "is not set up here" in asking.plan(service="none").json()["says"]
    assert asking.opened.ana.post("/api/asking/plan", {"road": "os.system", "service": "stills", "wanted": {}}).status_code == 409


def test_what_is_no_stock_slot_is_refused_on_every_post(asking: Asking) -> None:
    plan = asking.plan().json()
    for about in ("HERO:1", "item:1", "STOCK:2", "STOCK:1; rm"):
        for answer in (asking.plan({"slot": about}), asking.start(plan, {"slot": about})):
            assert answer.status_code == 409
            assert "Something generated goes into stock slots alone: STOCK:1" in answer.json()["says"]
    assert asking.server.asked == []


def test_another_price_other_words_or_another_model_than_on_the_screen_is_refused(asking: Asking) -> None:
    plan = asking.plan().json()
    assert "0.04 USD stood on the screen" in asking.start(plan, price="0.04 USD").json()["says"]
    assert "is not what stood on the screen" in asking.start(plan, ASKED | {"words": "snow"}).json()["says"]
    was = asking.settings.read_text(encoding="utf-8")
    asking.settings.write_text(was.replace('picture = "0.04"', 'picture = "0.05"'), encoding="utf-8")
    assert "it would cost 0.1 USD now, and 0.08 USD stood on the screen" in asking.start(plan).json()["says"]
    asking.settings.write_text(was.replace('model = "small"', 'model = "large"'), encoding="utf-8")
    assert "who would answer" in asking.start(plan).json()["says"]
    assert (asking.server.asked, asking.written()) == ([], [])


def test_what_changes_after_the_yes_is_refused_by_the_process_that_would_ask(asking: Asking) -> None:
    plan = asking.plan().json()
    turn = asking.room.jobs._turn
    with turn:  # other work runs: this one waits for its turn
        assert asking.start(plan).status_code == 200
        again = asking.start(plan)
        assert (again.status_code, "It is not asked twice" in again.json()["says"]) == (409, True)
        (asking.production.path / "script.fountain").write_text(SCRIPT.replace(" [[STOCK: rain on a window]]", ""), encoding="utf-8")
    until(lambda: (job := asking.room.jobs.of("slots STOCK:1")) is not None and job.state == "wrong")
    job = asking.room.jobs.of("slots STOCK:1")
    assert job is not None
    assert "the script has no STOCK:1" in job.wrong
    assert (asking.server.asked, asking.written()) == ([], [])
    assert asking.stop().status_code == 200
    assert asking.room.jobs.of("slots STOCK:1") is None, "what went wrong is put away"


def test_whoever_left_before_their_question_had_its_turn_asks_nobody(asking: Asking) -> None:
    ana, mara = asking.opened.ana, Hand("Mara Lind")
    plan = asking.plan().json()
    with asking.room.jobs._turn:  # other work runs
        assert asking.start(plan).status_code == 200
        with asking.room.house.writing() as record:
            record.sign(mara.enrols("producer"), ana.hand)
            record.sign(Revoke(key=ana.hand.key_id, because="left the film"), mara)
    until(lambda: (job := asking.room.jobs.of("slots STOCK:1")) is not None and job.state == "wrong")
    job = asking.room.jobs.of("slots STOCK:1")
    assert job is not None
    assert "Ana Ferrer has no key here any more" in job.wrong
    assert (asking.server.asked, asking.written()) == ([], [])


def test_stop_cuts_the_line_and_the_record_says_what_had_left_and_who_asked(asking: Asking) -> None:
    reached = threading.Event()

    def waits(to: Handler) -> bool:
        reached.set()
        to.local.stop.wait(30)
        return True

    asking.server.acts.append(waits)
    assert asking.start(asking.plan().json()).status_code == 200
    assert reached.wait(60)
    assert asking.stop().status_code == 200
    asking.over()
    job = asking.room.jobs.of("slots STOCK:1")
    assert job is not None, "whoever pressed Stop reads at once what that may cost, and puts it away"
    question = next(entry for entry in asking.numbered() if entry[1].get("what") == "question")[0]
    assert (job.state, job.wrong) == ("wrong", f"Stopped. stills had the question by then, and it may charge up to 0.08 USD for it (entry {question}). Asked again, it may be charged again.")
    call = next(body for body in asking.written() if body.get("what") == "call")
    assert (call["outcome"], call["perhaps_billed"]) == ("failed", True)
    assert "stopped" in call["says"]
    assert call["traffic"][0]["sent"] > 0
    again = asking.plan().json()
    assert (len(again["open"]), again["open_by"], again["found"]) == (1, "Ana Ferrer", False)


def test_somebody_who_is_not_of_the_crew_asks_nobody(asking: Asking) -> None:
    room: Room = asking.room
    link = room.doors.setup_link()
    guest = room.doors.use_setup(link)
    assert guest is not None
    asking.opened.ana.client.cookies.set("answerprint", guest.session)
    answer = asking.opened.ana.client.post("/api/asking/plan", json={"road": "candidates", "service": "stills", "wanted": ASKED}, headers={"origin": ORIGIN, "x-answerprint": guest.form})
    assert answer.status_code in (403, 409)
    assert asking.server.asked == []


def test_a_new_model_under_the_same_name_is_asked_anew(asking: Asking) -> None:
    spot = asking.production
    desk = Desk(spot)
    slot, first = slots.named(desk, "STOCK:1"), filling.provider(spot, "stills")
    made = filling.generate(desk, first, filling.plan(desk, slot, first, seed=7), by="Jo")
    assert filling.plan(Desk(spot), slot, first, seed=7).answer == made.entry
    asking.settings.write_text(asking.settings.read_text(encoding="utf-8").replace('model = "small"\nkey = "LOCAL_KEY"\nprice', 'model = "large"\nkey = "LOCAL_KEY"\nprice'), encoding="utf-8")
    spot = asking.production
    other = filling.provider(spot, "stills")
    assert filling.plan(Desk(spot), slot, other, seed=7).answer is None


def test_two_who_ask_the_same_at_once_ask_it_once(asking: Asking) -> None:
    spot = asking.production
    desk, service = Desk(spot), filling.provider(spot, "stills")
    plan = filling.plan(desk, slots.named(desk, "STOCK:1"), service, seed=7)
    with calling.alone(spot, plan.request), pytest.raises(calling.CallError, match="nothing was asked twice"):
        filling.generate(desk, service, plan)
    first = filling.generate(desk, service, plan, by="Jo")
    second = filling.generate(desk, service, plan, by="Mara")  # planned before the first was asked
    assert (second.entry, second.found, len(asking.server.asked)) == (first.entry, True, 1)
    assert not list(spot.inside.glob("asking-*.lock"))


def test_an_old_record_is_read_by_what_answered(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    spot = asking.production
    desk, service = Desk(spot), filling.provider(spot, "stills")
    slot = slots.named(desk, "STOCK:1")
    with monkeypatch.context() as old:
        written = Record.append_many
        old.setattr(Record, "append_many", lambda self, entries: written(self, [(kind, {name: value for name, value in body.items() if name != "model" or body.get("what") != "question"}) for kind, body in entries]))
        made = filling.generate(desk, service, filling.plan(desk, slot, service, seed=7))
    assert "model" not in next(body for body in asking.written() if body.get("what") == "question")
    assert filling.plan(Desk(spot), slot, service, seed=7).answer == made.entry
    asking.settings.write_text(asking.settings.read_text(encoding="utf-8").replace('model = "small"', 'model = "large"'), encoding="utf-8")
    spot = asking.production
    assert filling.plan(Desk(spot), slot, filling.provider(spot, "stills"), seed=7).answer is None
