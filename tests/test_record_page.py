"""The record as people read it: in words at a terminal, and as a page that is safe whatever is written in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

import answerprint
from answerprint import chronicle as told
from answerprint import cli
from answerprint.chronicle import about, chosen, day, rows
from answerprint.ledger import Record
from answerprint.ledger.copied import copy as of_file
from answerprint.model.judgments import Answer, Charter, Decided, Decision, Holder, Objection, Release, Revoke, Stand
from answerprint.record_page import html
from tests.first_pour import JONAS, MARA, THOUGHT, compose, cut
from tests.ledger.conftest import opened_up, task_body
from tests.ledger.signing import Hand, everything

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> \u202egnp.\u2066 & \'quoted\' </style><b>\x1b[2J\nsecond line e' + 60 * '\u0301'
KEY = HOSTILE.encode('ascii', 'ignore').decode()  # a name inside a body is ASCII
TAGS = set("html head meta title style body main header section div p h1 h2 h3 ul ol li span b br cite bdi dl dt dd table thead tbody tr th td pre".split())


@pytest.fixture(scope="session")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with people in it: read it, copy it, never write into it."""
    return compose(tmp_path_factory.mktemp("told") / "record.db")


class Page(HTMLParser):
    """What a browser would see: tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.parts: list[str] = []
        self.style = ""
        self.open: list[str] = []
        self.feed(text)
        self.text = " ".join(" ".join(self.parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.parts.append(data)


def page(path: Path, **more: str) -> Page:
    return Page(html(told.read(path), **{"title": "First Pour", "client": "Harbor Coffee", **more}))


def small(path: Path, *hands: Hand) -> Record:
    """A record in which the first hand is producer and holds everything, and the others are on the crew."""
    record = Record.create(path)
    record.sign(hands[0].enrols("producer", "director"), hands[0])
    for one in hands[1:]:
        record.sign(hands[0].enrols("editor", other=one), hands[0])
    record.sign(everything(hands[0]), hands[0])
    return record


# ---- in words


def test_each_entry_is_a_sentence_in_a_film_persons_words(path: Path) -> None:
    said = [f"{row.who}: {row.says}" for row in rows(told.read(path))]
    for sentence in (
        "Jonas Weil: the selects: take of item 4: 4A-2 (A001_C004#2) over 3 others",
        'Jonas Weil: one choice: take of item 9: 9A-3 (A001_C009#3) over 2 others, because: "I was in love with the wrong one."',
        'Ade Okoro: objects (O1), on cut 3: "The hold before the logo is a frame too polite."',
        'Jonas Weil: answers O1: no, because: "Keeping it. The silence is the film."',
        "Jonas Weil: withdraws O5",
        "Mara Lind: tells of round master_v03_r1: Ines Abt asked for changes: logo larger; the price two frames longer",
        'Mara Lind: revokes a key of Ade Okoro, because: "The laptop stayed in the taxi."',
        "Jonas Weil: yes: signs their name to master_v04.otio, square_v04.otio (square)",
    ):
        assert sentence in said


def test_the_machines_work_is_grouped_and_every_entry_stands_in_one_row(path: Path) -> None:
    chronicle = told.read(path)
    grouped, every = rows(chronicle), rows(chronicle, every=True)
    assert [row.says for row in grouped if row.says.startswith("transcript")] == ["transcript of 14 clips and sounds"]
    assert "transcript rushes/A001_C003.mp4" in [row.says for row in every]
    for shown in (grouped, every, rows(chronicle, brief=True)):
        covered = sorted({n for row in shown for n in range(row.first, row.last + 1)})
        assert covered == list(range(1, 186))
    assert [(row.first, row.says) for row in rows(chronicle, brief=True) if row.first == 158] == [(158, "the selects: take (12)")]


def test_what_went_to_a_service_is_told_with_who_asked_and_an_old_entry_that_does_not_say_is_read_as_it_is(tmp_path: Path) -> None:
    question = {"schema": 1, "what": "question", "provider": "stills", "at": "https://stills.example/v1", "for": "2 pictures for STOCK:1", "price": "0.08 USD", "carries": ["words of the brief"]}
    with Record.create(tmp_path / "record.db") as record:
        for by in ({"by": "Mara Lind"}, {}, {"by": "Mara Lind"}):
            record.append("proposal", question | by)
        record.append("proposal", {"schema": 1, "what": "call", "provider": "stills", "question": 1, "outcome": "failed", "says": "stopped"})
        record.append("proposal", {"schema": 1, "what": "stock", "provider": "clips", "answer": 4, "slot": "STOCK:1", "files": [{"file": "assets/stock/rain.mp4"}], "by": "Jonas Weil"})
    chronicle = told.read(tmp_path / "record.db")
    assert [row.says for row in rows(chronicle)] == ["3 questions put to services, in the name of Mara Lind", "one answer of a service", "one file fetched from a stock service, in the name of Jonas Weil"]
    said = "stills asked for 2 pictures for STOCK:1, at https://stills.example/v1, at 0.08 USD; it carries words of the brief"
    assert [row.says for row in rows(chronicle, every=True)] == [
        f"{said}, in the name of Mara Lind", said, f"{said}, in the name of Mara Lind", "stills did not answer the question of entry 1 as it should: stopped",
        "from entry 4, by clips for STOCK:1: assets/stock/rain.mp4, in the name of Jonas Weil",
    ]
    assert "3 questions put to services, in the name of Mara Lind" in page(tmp_path / "record.db").text


@pytest.mark.parametrize(
    ("thing", "words"),
    [("item:3", "item 3"), ("film:master", "the film"), ("film:square", "the film, square"), ("hero:7@square", "item 7 in square"), ("cut:3", "cut 3"), ("as it was", "as it was")],
)
def test_a_thing_is_called_as_people_call_it(thing: str, words: str) -> None:
    assert about(thing) == words


def test_a_choice_is_one_line_without_seals() -> None:
    take = {"clip": "blake3:" + "0" * 64, "attempt": "2", "file": "rushes/A001_C005.mp4", "slate": "1A-3", "name": "A001_C005#2"}
    assert chosen(take) == "1A-3 (A001_C005#2)"
    assert chosen({"bed": "none"}) == "no music bed"
    assert chosen({"take": "none"}) == "none: shoot again"
    assert chosen({"file": "assets/bed.wav", "from": "01:00:00:00"}) == "bed.wav, from 01:00:00:00"
    assert chosen({"file": "sha256:" + "0" * 64}) == chosen({}) == "as it stands"
    assert day("2026-03-03T10:14:05.123Z") == "3 March 2026, 10:14 UTC"
    assert day("yesterday") == "yesterday"


def test_the_command_shows_a_number_and_a_name_once(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spot = answerprint.new(tmp_path / "spot", rate="25", title="First Pour")
    assert cli.main(["record", str(spot.path)]) == 0
    assert "The record is empty" in capsys.readouterr().out
    spot.inside.mkdir()
    shutil.copyfile(path, spot.inside / "record.db")
    assert cli.main(["record", str(spot.path)]) == 0
    shown = capsys.readouterr().out
    assert len(re.findall(r"^158 ", shown, re.MULTILINE)) == 1
    assert shown.count("the selects: take of item") == 12
    assert "7 to 155" in shown
    assert "rushes/" not in shown
    assert cli.main(["record", str(spot.path), "--all"]) == 0
    assert "transcript rushes/A001_C014.mp4" in capsys.readouterr().out
    assert cli.main(["record", str(spot.path), "--json"]) == 0
    assert [one["n"] for one in json.loads(capsys.readouterr().out)] == list(range(1, 186))
    assert cli.main(["record", str(spot.path), "--html"]) == 0
    assert (spot.path / "out" / "First Pour record.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert cli.main(["record", str(spot.path), "--html", "--to", str(spot.path / "rushes" / "page.html")]) == 2
    assert "media lie there" in capsys.readouterr().err


# ---- the page


def test_the_page_says_everything_that_was_decided_and_argued(path: Path) -> None:
    shown = page(path).text
    for current in told.read(path).book.decisions.values():
        assert chosen(current.decided.choice) in shown
        assert current.decided.because in shown
    for raised in told.read(path).book.objections:
        assert raised.number in shown
        assert raised.line.content.text in shown
    for words in (*THOUGHT.values(), "Keeping it. The silence is the film.", "logo larger", "It is finished and it is nothing.", "One window.", "The laptop stayed in the taxi."):
        assert words in shown
    assert "over A001_C004#1, #3, #4" in shown
    assert "Not checked: technical QC, easy-choice report, rights" in shown
    assert "Handed to the machine. No music was asked for." in shown
    assert "transcript of 14 clips and sounds" in shown


def test_every_signature_stands_under_its_words_with_its_name(path: Path) -> None:
    text = html(told.read(path), title="First Pour")
    assert re.search(r'The hold before the logo.*?</p><p class="sign"><cite><bdi>Ade Okoro</bdi></cite>', text)
    assert re.search(r'Keeping it\. The silence is the film\.</p><p class="sign"><cite><bdi>Jonas Weil</bdi></cite>', text)
    assert text.index("A daughter hears") < text.index("Slow until the crack") < text.index("Cold until somebody")


def test_an_open_objection_and_an_empty_chair_ask_for_a_person_and_nothing_else_does(path: Path) -> None:
    marked = re.findall(r'class="mark[^"]*">(.*?)</p>', html(told.read(path), title="First Pour"))
    assert marked == ["An empty chair.", "Open. Nobody has answered."]


def test_a_replaced_choice_is_struck_and_kept(path: Path) -> None:
    gone = re.findall(r"<li class=gone>(.*?)</li>", html(told.read(path), title="First Pour"))
    assert len(gone) == 1
    assert "A001_C009#1" in gone[0]


def test_whatever_is_written_in_a_record_is_text_on_the_page(tmp_path: Path) -> None:
    bad, good = Hand(HOSTILE), Hand("Jo Abara")
    with small(tmp_path / "record.db", bad, good) as record:
        record.append("task", task_body(1) | {"task": HOSTILE, "file": HOSTILE})
        record.append("idea", {"schema": 1, "critic": HOSTILE, "on": HOSTILE, "text": HOSTILE})
        record.append("remark", {"schema": 1, "by": HOSTILE, "on": HOSTILE, "text": HOSTILE})
        record.sign(Decision(gesture=HOSTILE, decisions=(Decided(judgment="take", about=HOSTILE, choice={KEY: HOSTILE}, over=(HOSTILE,), because=HOSTILE),), saw={KEY: "1"}), bad)
        raised = record.sign(Objection(on=HOSTILE, text=HOSTILE), good)
        record.sign(Answer(objection=raised.n, answer="no", because=HOSTILE), bad)
        record.sign(Stand(part=HOSTILE, about=HOSTILE, text=HOSTILE), good)
        record.sign(Release(cuts=(cut(HOSTILE),), because=HOSTILE, missing=(HOSTILE,), not_checked=(HOSTILE,)), bad)
        record.sign(Revoke(key=good.key_id, because=HOSTILE), bad)
    shown = page(tmp_path / "record.db", title=HOSTILE, client=HOSTILE)
    assert {tag for tag, _ in shown.tags} <= TAGS
    assert {name for _, attrs in shown.tags for name in attrs} <= {"class", "lang", "charset", "http-equiv", "content", "name", "dir"}
    assert shown.text.count("<script>alert(1)</script>") > 20, "all of it can be read"
    assert not set("\u202e\u2066\x1b") & set(shown.text)
    assert shown.open == []
    assert "e" + 5 * "\u0301" not in shown.text, "no tower of marks over the lines of others"


def test_the_page_asks_for_nothing_from_outside_and_says_so_itself(path: Path) -> None:
    text = html(told.read(path), title="First Pour")
    shown = Page(text)
    policy = next(attrs["content"] for tag, attrs in shown.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(shown.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'"
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img|\sstyle=|\son\w+=", text)


def test_the_page_has_no_computer_words_but_where_it_says_how_to_check(path: Path) -> None:
    text = page(path).text
    reading = text[: text.index("How to check this")] + text[text.index("In order") :]
    assert not re.findall(r"\b(digest|hash|ledger|json|sshsig|fingerprint|database|blob|schema|sqlite|ed25519)\b", reading, re.IGNORECASE)


def test_a_stranger_is_told_which_command_with_whose_key(path: Path) -> None:
    shown = page(path, file="First Pour record.db").text
    assert f"verify.py First Pour record.db --producer {MARA.key_id}" in shown.replace('"', "")
    assert "First ask Mara Lind" in shown
    assert "Nothing wrong found, in 185 entries." in shown


def test_a_copy_without_words_shows_that_and_calls_nothing_open(path: Path, tmp_path: Path) -> None:
    shown = page(of_file(path, tmp_path / "copy.db", withhold=True).path).text
    assert "The words of this objection are not in this copy." in shown
    assert "Open. Nobody has answered." not in shown
    assert "16 entries are here without words" in shown
    assert "The words of this first thought are not in this copy." in shown


def test_what_does_not_hold_comes_first_and_counts_for_nothing(path: Path, tmp_path: Path) -> None:
    shutil.copyfile(path, tmp_path / "record.db")
    with opened_up(tmp_path / "record.db") as db:
        db.execute("UPDATE entry SET signature = x'00' WHERE n = 158")
    shown = page(tmp_path / "record.db").text
    assert shown.index("What does not hold") < shown.index("The sign-off")
    assert "entry 158" in shown
    assert "Her hand shakes" not in shown[: shown.index("In order")]


def test_a_record_in_which_nobody_signed_says_so(tmp_path: Path) -> None:
    with Record.create(tmp_path / "record.db") as record:
        record.append("task", task_body(1))
    shown = page(tmp_path / "record.db").text
    assert "1 entry. Nobody has signed yet." in shown
    assert "Nobody is on the crew yet." in shown
    assert "Nobody holds the sign-off yet." in shown
    Record.create(tmp_path / "empty.db").close()
    assert "0 entries." in page(tmp_path / "empty.db").text


def test_what_a_revocation_strikes_is_marked(tmp_path: Path) -> None:
    mara, jo = Hand("Mara"), Hand("Jo")
    with small(tmp_path / "record.db", mara, jo) as record:
        raised = record.sign(Objection(on="item:1", text="Not me."), jo)
        record.sign(Revoke(key=jo.key_id, because="stolen", from_entry=raised.n), mara)
    assert "struck since by a revocation" in page(tmp_path / "record.db").text
    assert [row.struck for row in rows(told.read(tmp_path / "record.db")) if row.first == raised.n] == [True]


def test_an_execution_that_was_made_stricter_has_its_place(tmp_path: Path) -> None:
    mara = Hand("Mara")
    with small(tmp_path / "record.db", mara) as record:
        record.sign(Charter(holders={"captions": Holder(person=mara.key_id)}, stricter=("captions",), replaces=2), mara)
        record.sign(Decision(gesture="finish", decisions=(Decided(judgment="captions", about="film:master", choice={"file": "captions.srt"}),)), mara)
    shown = page(tmp_path / "record.db").text
    assert "Made a person’s decision here: captions." in shown
    assert "captions.srt" in shown
    assert JONAS.name not in shown
