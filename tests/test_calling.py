"""Nothing of a production goes to a service but on one road: declared, let by a producer, paid for, and in the record before it leaves."""

from __future__ import annotations

import json
import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from answerprint import calling, chronicle, cli, config
from answerprint.book import Book
from answerprint.calling.carried import declared
from answerprint.cost.machine import spend
from answerprint.desk import Desk
from answerprint.ledger.store import Record
from answerprint.ledger.verify import verify
from answerprint.model import bills
from answerprint.model.judgments import Charter
from answerprint.model.providers import Attached, Came, Price, Provider, ProviderError, Request, Response, Setup, Traffic
from answerprint.slots import SlotError
from answerprint.spot import Spot
from tests.crewed import JO, MARA, crewed
from tests.providers.serving import KEY, PNG, PRICED, Local, set_up, workflow

SCRIPT = """Title: Salt

INT. KITCHEN - DAWN

A hand lifts the lid of a grey pan and waits for the steam.

[[STOCK: rain on a window]]

Rain on a window, before sunrise.

MARA
Nothing tastes like a morning by the sea.
"""
BRIEF = "The brand wants the quiet of a kitchen before anybody speaks, and no music at all.\n"
INVENTED = Request(kind="words", words="Six words for the sea.", most_tokens=100)


@dataclass
class House:
    """A production, its record, and a local server that is set up as four services."""

    spot: Spot
    record: Record
    server: Local
    settings: Path

    def provider(self, name: str = "writer") -> Provider:
        return calling.opened(self.spot.settings, name)

    def let(self, *lets: str, **more: Any) -> None:
        now = Book(self.record).charter
        assert now is not None
        ready = calling.openable(self.spot.settings)
        self.record.sign(calling.granted(now.content, now.n, lets=lets, providers=ready, **more), MARA)

    def ask(self, request: Request = INVENTED, name: str = "writer", **more: Any) -> calling.Answer:
        return calling.ask(self.spot, self.provider(name), request, what="a line", **more)

    def written(self, kind: str = "proposal") -> list[dict[str, Any]]:
        return [body for entry in self.record.entries(kind=kind) if (body := entry.read()) is not None]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with set_up(tmp_path, monkeypatch) as (server, own), crewed(tmp_path) as (spot, record):
        (spot.path / "script.fountain").write_text(SCRIPT, encoding="utf-8")
        (spot.path / "brief.md").write_text(BRIEF, encoding="utf-8")
        yield House(spot=Spot(spot.path), record=record, server=server, settings=own)


def refused(house: House, request: Request = INVENTED, name: str = "writer", **more: Any) -> str:
    """What is said, after nothing was sent and nothing was written down."""
    before, asked = house.record.head(), len(house.server.asked)
    with pytest.raises(calling.CallError) as found:
        house.ask(request, name, **more)
    assert (house.record.head(), len(house.server.asked)) == (before, asked)
    return str(found.value)


# ---- who lets it


def test_nothing_leaves_before_a_producer_lets_it(house: House) -> None:
    assert "no producer let writer be asked for words" in refused(house)
    house.let("writer=nothing of the shoot", spends=["1 USD"])
    assert house.ask().response.texts == ("Rain, and a hand that waits.",)
    assert "charter lets it have nothing of the shoot" in refused(house, replace(INVENTED, carries=("words of the brief",)))


def test_only_a_producer_lets_something_leave(house: House) -> None:
    now = Book(house.record).charter
    assert now is not None
    made = calling.granted(now.content, now.n, lets=["writer=frames"], providers={"writer": house.provider()})
    with pytest.raises(Exception, match="a producer signs the charter"):
        house.record.sign(made, JO)


def test_a_leave_is_for_one_service_at_one_address_for_one_kind(house: House) -> None:
    house.let("writer=frames", spends=["1 USD"])
    text = house.settings.read_text(encoding="utf-8")
    house.settings.write_text(text.replace("127.0.0.1", "localhost", 1), encoding="utf-8")
    moved = House(spot=Spot(house.spot.path), record=house.record, server=house.server, settings=house.settings)
    assert "which is another service" in refused(moved)
    assert "no producer let stills be asked for pictures" in refused(house, Request(kind="pictures", words="the sea"), "stills")


def test_a_leave_is_taken_back_and_other_changes_of_the_charter_keep_it(house: House) -> None:
    from answerprint import crew

    house.let("writer=transcript", spends=["5 USD"])
    house.record.sign(crew.charter(Book(house.record), stricter=["captions"]), MARA)
    now = Book(house.record).charter
    assert now is not None
    assert [one.what for one in now.content.lets] == [("transcript",)]
    assert now.content.spends == {"USD": "5"}
    told = chronicle.read(house.record.path)
    assert "writer at" in chronicle.sentences(told.book.of(Charter)[-1], told.book)[0]
    assert "services may cost 5 USD together" in chronicle.sentences(told.book.of(Charter)[-1], told.book)[0]
    house.let(not_lets=["writer"], spends=["0 USD"])
    assert "no producer let writer" in refused(house)
    assert verify(house.record.path).findings == ()


def test_a_charter_without_services_is_written_as_it_always_was(house: House) -> None:
    from answerprint.model.judgments import Seen, body

    plain = body(Charter(holders={}), by="k", at="now", seen=Seen(n=1, hash="h"))
    assert plain["schema"] == 1
    assert not {"lets", "spends"} & set(plain)


def test_a_production_folder_names_no_service(house: House) -> None:
    with (house.spot.path / "answerprint.toml").open("a", encoding="utf-8") as file:
        file.write('[providers.writer]\nuses = "openai-chat"\naddress = "https://evil.example.org"\n')
    with pytest.raises(config.ConfigError, match="belongs in your own file"):
        Spot(house.spot.path)


# ---- what it carries


def test_a_paper_that_cannot_be_read_is_let_by_a_producer_who_is_told_which_and_why(house: House) -> None:
    house.let("writer=words of the brief", spends=["1 USD"], unpriced=["writer"])
    (house.spot.path / "old contract.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    rain = replace(INVENTED, words="Rain on a window, and somebody who does not look.")
    assert "nobody knows what old contract.doc says" in refused(house, rain)
    said = refused(house, declared(Desk(house.spot), rain))
    assert "client documents would go to writer" in said
    assert "It carries client documents: nobody knows what old contract.doc says, since .doc is no document that is opened here" in said
    house.let("writer=words of the brief,client documents")
    assert calling.why_not(Desk(house.spot), house.provider("writer"), declared(Desk(house.spot), rain)) == ()


def test_a_picture_that_nobody_knows_is_a_frame_of_the_rushes(house: House) -> None:
    house.let("writer=words of the brief", spends=["1 USD"], unpriced=["writer"])
    picture = Attached(name="reference.png", data=PNG, media_type="image/png")
    assert "it counts as a frame of the rushes" in refused(house, replace(INVENTED, attached=(picture,)))
    assert "it counts as a frame of the rushes" in refused(house, replace(INVENTED, attached=(picture,), carries=("library pictures",)))
    assert "frames would go to writer" in refused(house, replace(INVENTED, attached=(picture,), carries=("frames",)))
    for media_type in ("text/plain", "application/pdf"):
        sly = replace(INVENTED, attached=(replace(picture, media_type=media_type),), carries=("client documents",))
        assert "so it counts as shot" in refused(house, sly)
    from blake3 import blake3

    house.let("writer=library pictures")
    vouched = {"blake3:" + blake3(PNG).hexdigest()}
    assert house.ask(replace(INVENTED, attached=(picture,), carries=("library pictures",)), library=vouched).response.texts


def test_the_bytes_of_a_rush_are_a_rush_whatever_they_are_called(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from blake3 import blake3

    clip = b"the bytes of a clip"
    seal = "blake3:" + blake3(clip).hexdigest()
    monkeypatch.setattr(Desk, "names", {seal: "rushes/A001_C001.mov"})
    house.let("writer=library pictures,frames,client documents", spends=["1 USD"], unpriced=["writer"])
    for media_type in ("image/png", "text/plain", "video/mp4"):
        sly = replace(INVENTED, attached=(Attached(name="note", data=clip, media_type=media_type),), carries=("library pictures", "frames", "client documents"))
        assert "note is rushes/A001_C001.mov of this shoot" in refused(house, sly, library={seal})


def test_words_of_the_script_and_of_the_brief_do_not_leave_as_nothing(house: House) -> None:
    house.let("writer=nothing of the shoot", spends=["1 USD"])
    for words, paper in (("Write on: a hand lifts the lid of a grey pan", "script.fountain"), ("THE QUIET OF A KITCHEN, before anybody speaks", "brief.md")):
        assert f"stands in {paper}" in refused(house, replace(INVENTED, words=words))
    (house.spot.path / "contract.txt").write_text("The fee is paid within thirty days of delivery.", encoding="utf-8")
    assert "client documents" in refused(house, replace(INVENTED, words="Is it usual that the fee is paid within thirty days?"))
    assert "A file goes along as a file" in refused(house, replace(INVENTED, words="look at " + "QUJD" * 80))


def test_a_picture_made_from_a_frame_is_a_frame_still(house: House) -> None:
    graph = json.loads(Path(workflow(house.settings.parent)).read_text())
    graph["1"] = {"class_type": "LoadImage", "inputs": {"image": "{{picture}}"}}
    workflow(house.settings.parent, graph)
    house.let("comfy=frames", "writer=library pictures", spends=["1 USD"], unpriced=["writer"])
    still = Request(kind="pictures", words="the same at night", width=8, height=8, carries=("frames",), attached=(Attached(name="a.png", data=PNG, media_type="image/png"),))
    house.ask(still, "comfy")
    again = replace(INVENTED, attached=(Attached(name="b.png", data=PNG, media_type="image/png"),))
    assert "b.png was made from frames" in refused(house, again)


# ---- what may be generated where


def test_nothing_is_generated_for_a_hero_or_the_story(house: House) -> None:
    house.let("stills=words of the brief", spends=["1 USD"])
    rain = Request(kind="pictures", words="rain on a window", carries=("words of the brief",))
    slot = next(number for number, item in Desk(house.spot).items.items() if item.stock is not None)
    assert len(house.ask(rain, "stills", for_item=slot).files) == 1
    for number in Desk(house.spot).items:
        if number != slot:
            with pytest.raises(SlotError):
                house.ask(rain, "stills", for_item=number)
    assert "names Jo Abara, who is on the crew" in refused(house, replace(rain, words="a portrait with Jo Abara"), "stills")


# ---- what it costs


def test_a_budget_stops_before_it_is_passed(house: House) -> None:
    house.let("writer=nothing of the shoot")
    assert "there is no budget in USD here" in refused(house)
    house.let(spends=["0.25 USD"])
    house.server.usage = {"prompt_tokens": 40, "completion_tokens": 100}
    house.ask()  # 0.100046 at most, 0.10004 counted
    house.ask()
    said = refused(house)
    assert "of the budget of 0.25 USD, 0.20008 went already, and 0.04992 are left. Nothing was asked." in said
    standing = bills.standing(map(bills.read, house.written("bill")))
    assert [(one.estimate, one.billed) for one in standing] == [("0.100046", "0.10004")] * 2


def test_two_who_ask_at_once_do_not_pass_it_together(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one's estimate enters the record between our look at the budget and our own estimate."""
    house.let("writer=nothing of the shoot", spends=["0.15 USD"])
    from answerprint.calling import asking

    looked = asking.why_not

    def late(*args: Any, **more: Any) -> tuple[str, ...]:
        found = looked(*args, **more)
        house.record.append("bill", bills.body(bills.Bill(provider="stills", job="another", currency="USD", estimate="0.10")))
        return found

    monkeypatch.setattr(asking, "why_not", late)
    with pytest.raises(calling.CallError, match="Nothing was asked"):
        house.ask()
    assert house.server.asked == []
    assert calling.spent(house.spot) == {"USD": Decimal("0.10")}
    assert [one.job for one in spend(house.spot).bills] == ["another"], "nothing of ours left: it is no job"
    house.record.append(bills.KIND, bills.body(bills.Bill(provider="stills", job="a credit", currency="USD", billed="-5")))
    assert calling.spent(house.spot) == {"USD": Decimal("0.10")}, "a credit opens no more than was signed"


def test_a_price_that_is_not_known_has_to_be_let(house: House) -> None:
    house.settings.write_text(house.settings.read_text(encoding="utf-8").replace(PRICED, ""), encoding="utf-8")
    plain = House(spot=Spot(house.spot.path), record=house.record, server=house.server, settings=house.settings)
    plain.let("writer=nothing of the shoot", spends=["100 USD"])
    assert "what writer would charge is not known" in refused(plain)
    plain.let(unpriced=["writer"])
    assert plain.ask().notes == ("writer: what this cost is not known.",)
    with pytest.raises(calling.CallError, match="named for --unpriced and for --priced"):
        plain.let(unpriced=["writer"], priced=["writer"])
    plain.let(priced=["writer"])
    assert "what writer would charge is not known" in refused(plain, replace(INVENTED, seed=2))
    with pytest.raises(calling.CallError, match="nobody let writer be asked without a price"):
        plain.let(priced=["writer"])


def test_a_bill_above_its_estimate_is_said_and_counts(house: House) -> None:
    house.let("writer=nothing of the shoot", spends=["1 USD"])
    house.server.usage = {"prompt_tokens": 40, "completion_tokens": 900}
    (note,) = house.ask().notes
    assert "writer counts 0.90004 USD (40 tokens in and 900 out, by the price list of 2026-10-01), more than the 0.100046 USD that was reckoned before" in note
    assert "0.09996 are left" in refused(house)


def test_a_question_that_did_not_get_through_costs_nothing_and_one_that_did_may(house: House) -> None:
    house.let("writer=nothing of the shoot", spends=["1 USD"])
    house.server.acts = [lambda to: to.answer({"error": {"message": "no"}}, 401)]
    with pytest.raises(ProviderError, match="the key was refused"):
        house.ask()
    assert calling.spent(house.spot) == {"USD": Decimal(0)}
    assert [one.billed for one in spend(house.spot).bills] == ["0"], "it left: it is a job, and cost nothing"
    house.server.acts = [lambda to: to.answer(b"half", Content_Length="4000")]
    with pytest.raises(ProviderError, match="only a part of its answer came"):
        house.ask()
    assert calling.spent(house.spot) == {"USD": Decimal("0.100046")}
    failed = [body for body in house.written() if body["what"] == "call"]
    assert [(body["outcome"], body["perhaps_billed"], len(body["traffic"])) for body in failed] == [("failed", False, 1), ("failed", True, 1)]


# ---- what comes


def test_an_answer_stands_in_the_record_with_all_that_made_it(house: House) -> None:
    house.let("writer=nothing of the shoot", spends=["1 USD"])
    answer = house.ask(replace(INVENTED, seed=4, parameters={"temperature": "0.7"}))
    question, call = house.written()
    assert (question["what"], question["seal"], question["price"], question["charter"]) == ("question", replace(INVENTED, seed=4, parameters={"temperature": "0.7"}).digest, "0.100046 USD", 5)
    assert (call["model"], call["seed"], call["parameters"], call["terms"], call["outcome"], call["used"]) == ("small", 4, {"temperature": "0.7"}, "local, 2026-10-01", "answered", {"tokens in": 9, "tokens out": 4})
    assert json.loads(house.spot.keep.get(answer.words or ""))["texts"] == ["Rain, and a hand that waits."]
    assert call["question"] < answer.entry
    assert verify(house.record.path).findings == ()


def test_json_that_is_none_is_kept_and_refused_and_a_cut_answer_is_said(house: House) -> None:
    house.let("writer=nothing of the shoot", spends=["1 USD"])
    wanted = replace(INVENTED, schema={"type": "object", "required": ["ideas"]})
    for says, reads in (('{"ideas": [', "JSON was asked for, and its answer is none"), ("{}", "its answer lacks ideas")):
        house.server.says = says
        with pytest.raises(calling.CallError, match=reads):
            house.ask(wanted)
    house.server.finish = "length"
    assert "the answer stops in the middle, at 100 tokens" in house.ask().notes[0]
    assert len([body for body in house.written() if body["what"] == "call"]) == 3


def test_a_person_who_stops_it_finds_that_in_the_record(house: House) -> None:
    house.let("writer=nothing of the shoot", spends=["1 USD"])

    @dataclass
    class Stopped:
        name: str = "writer"
        kind: str = "words"
        address: str = house.server.address + "/v1"
        traffic: list[Traffic] = field(default_factory=list)

        def price(self, request: Request) -> Price:
            return Price(amount=Decimal("0.1"), currency="USD")

        def call(self, request: Request, *, cancel: object) -> Response:
            self.traffic.append(Traffic(host="h", what="POST /", sent=1, received=0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calling.ask(house.spot, Stopped(), INVENTED, what="a line")  # type: ignore[arg-type]
    assert [(body["says"], body["perhaps_billed"]) for body in house.written() if body["what"] == "call"] == [("stopped", True)]


def test_what_runs_on_this_machine_needs_nobodys_leave_and_stands_in_the_record(house: House) -> None:
    @dataclass
    class Here:
        name: str = "stills"
        kind: str = "pictures"
        address: str = ""
        traffic: tuple[Traffic, ...] = ()

        def price(self, request: Request) -> Price:
            return Price(amount=Decimal(0))

        def call(self, request: Request, *, cancel: object) -> Response:
            return Response(model="a folder", files=(Came(name="01.png", data=PNG, media_type="image/png"),), billed=Price(amount=Decimal(0)), seed=3)

    from answerprint.slots import answered

    answer = calling.ask(house.spot, Here(), Request(kind="pictures", words="a lamp on the left"), what="a frame")  # type: ignore[arg-type]
    assert answered(house.spot) == {answer.files[0]: answer.entry}
    assert house.written("bill") == []


# ---- nothing leaves elsewhere


@contextmanager
def tapped() -> Iterator[dict[str, int]]:
    """Every byte that a socket of this process which connected somewhere sends out, by where to; names that are looked up count too."""
    out: dict[str, int] = {}
    ends: weakref.WeakKeyDictionary[socket.socket, str] = weakref.WeakKeyDictionary()  # a number of one that is gone may be a server's next
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            real = getattr(socket.socket, name)

            def connect(self: socket.socket, address: Any, real: Any = real) -> Any:
                ends[self] = f"{address[0]}:{address[1]}" if isinstance(address, tuple) else str(address)
                out.setdefault(ends[self], 0)
                return real(self, address)

            patch.setattr(socket.socket, name, connect)
        for name in ("send", "sendall", "sendto", "sendmsg"):
            real = getattr(socket.socket, name)

            def send(self: socket.socket, data: Any, *more: Any, real: Any = real) -> Any:
                if self in ends:
                    out[ends[self]] += len(data) if not isinstance(data, list) else sum(map(len, data))
                return real(self, data, *more)

            patch.setattr(socket.socket, name, send)
        yield out


def test_under_a_tap_every_byte_that_left_is_in_the_record_and_the_key_is_nowhere(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house.let("writer=words of the brief", "stills=words of the brief", "comfy=nothing of the shoot", "stock=words of the brief", spends=["5 USD"])
    with tapped() as out:
        desk = Desk(house.spot)
        house.spot.prep()
        house.ask(replace(INVENTED, words=f"Write a treatment. {BRIEF}", carries=("words of the brief",)))
        house.server.acts = [lambda to: to.answer({"error": {"message": "busy"}}, 503), lambda to: to.answer({"error": {"message": "no"}}, 400)]
        with pytest.raises(ProviderError):
            house.ask()
        house.ask(Request(kind="pictures", words="rain on a window", count=2, carries=("words of the brief",)), "stills", for_item=next(n for n, one in desk.items.items() if one.stock))
        house.ask(Request(kind="pictures", words="a lamp, from the left", width=64, height=48), "comfy")
        house.ask(Request(kind="stock", words="rain on a window", carries=("words of the brief",)), "stock")
        for command in (["status", str(house.spot.path)], ["record", str(house.spot.path)], ["cost", str(house.spot.path)], ["config", str(house.spot.path), "--explain"], ["providers"], ["providers", "--json"], ["charter", str(house.spot.path)]):
            cli.main(command)
    calls = [body for body in house.written() if body.get("what") == "call"]
    sent = sum(one["sent"] for body in calls for one in body["traffic"])
    assert out == {house.server.address.removeprefix("http://"): sent}
    assert [(body["provider"], body["carries"], body["outcome"]) for body in calls] == [
        ("writer", ["words of the brief"], "answered"), ("writer", [], "failed"), ("stills", ["words of the brief"], "answered"), ("comfy", [], "answered"), ("stock", ["words of the brief"], "answered"),
    ]  # fmt: skip
    said = "".join(capsys.readouterr())
    assert KEY not in said
    assert "writer" in said
    holding = [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert holding == []


# ---- at the terminal


def test_the_terminal_lists_services_and_asks_one_whether_it_is_there(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["providers"]) == 0
    said = capsys.readouterr().out
    assert "openai-chat" in said
    assert "by the price list of 2026-10-01" in said
    assert house.server.asked == []
    assert cli.main(["providers", "test", "writer"]) == 0
    said = capsys.readouterr().out
    assert "writer answers, and has small." in said
    assert "nothing of a production was among them" in said
    assert cli.main(["providers", "test", "nobody"]) == 2
    assert "There are: writer, stills, comfy, stock" in capsys.readouterr().err


def test_a_service_that_lacks_its_key_is_listed_with_what_it_lacks(house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCAL_KEY")
    rows = {row["name"]: row["state"] for row in _listed(capsys)}
    assert "its key is not in the environment as LOCAL_KEY" in rows["writer"]
    assert rows["comfy"] == "set up"


def _listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    cli.main(["providers", "--json"])
    return list(json.loads(capsys.readouterr().out)["providers"])


def test_settings_that_hold_a_key_are_refused_without_it(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ('[providers.writer]\nuses = "openai-chat"\nkey = "sk-proj-verysecret"\n', 'providers = "sk-proj-verysecret"\n'):
        house.settings.write_text(text, encoding="utf-8")
        assert cli.main(["providers"]) == 2
        assert "verysecret" not in "".join(capsys.readouterr())


def test_a_setup_is_read_or_says_what_is_wrong() -> None:
    for table, reads in (({}, "which adapter"), ({"uses": "x", "colour": 1}, "there is no 'colour'"), ({"uses": "x", "price": {"million_in": "1"}}, "has its currency"), ({"uses": "x", "price": {"million_in": "1", "currency": "EUR"}}, "has its day"), ({"uses": "x", "price": {"free": True, "call": "1"}}, "no amounts"), ({"uses": "x", "timeout_s": 0}, "whole number of seconds"), ({"uses": "x", "parameters": {"t": 0.7}}, "a decimal is a text")):
        with pytest.raises(Exception, match=reads):
            Setup.read("writer", table)


def test_a_model_on_ones_own_machine_is_waited_for_longer() -> None:
    def waits(address: str, **more: Any) -> int:
        return Setup.read("writer", {"uses": "openai-chat", "address": address, **more}).timeout_s

    assert [waits(one) for one in ("http://localhost:11434/v1", "http://127.0.0.1/v1", "https://localhost.example.org/v1", "")] == [900, 900, 120, 120]
    assert waits("http://localhost:1/v1", timeout_s=30) == 30


def test_a_producer_lets_a_service_at_the_terminal_and_reads_what_they_sign(house: House, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from answerprint.cli import signing

    monkeypatch.setattr(signing, "signer", lambda *_: MARA)
    line = ["charter", str(house.spot.path), "--let", "writer=words of the brief", "--spend", "20.00USD", "--yes"]
    assert cli.main(line) == 0
    said = capsys.readouterr().out
    assert f"writer at {house.server.address}/v1 may be asked for words, and have words of the brief" in said
    assert "services may cost 20.00 USD together" in said
    assert house.ask().response.texts
    assert cli.main([*line[:2], "--let", "writer=the rushes", "--yes"]) == 2
    assert "'the rushes' is nothing that a request carries" in capsys.readouterr().err
