"""A brief in whatever habit it is written: nothing of it is lost, what is silent is asked, what does not add up is said."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import pytest

import answerprint
from answerprint import briefing
from answerprint.briefing.markdown import blocks
from answerprint.passages import words
from tests.drafting.briefs import BEER, BIKE, BRIEFS, HOSPICE

HABITS = {
    "headings": "# Spot\n\n## Client\nNordbrew\n\n## Must-haves\n- the can\n- the pour\n\n## Budget (net)\n84,000\n",
    "underlined": "Spot\n====\n\nClient\n------\nNordbrew\n\nMust haves\n----------\n* the can\n* the pour\n\nBudget\n------\n84,000\n",
    "labels": "Client: Nordbrew\nBudget: 84,000\nMust-haves:\n- the can\n- the pour\n",
    "bold": "**Client:** Nordbrew\n\n**Must-haves**\n1. the can\n2. the pour\n\n**Budget**\n84,000\n",
    "bold, the colon behind": "- **Client**: Nordbrew\n- **Budget**: 84,000\n\n__Must haves__\n+ the can\n+ the pour\n",
    "capitals": "CLIENT\nNordbrew\n\nMUST HAVES\n- the can\n- the pour\nBUDGET\n84,000\n",
    "numbered": "## 1. Client\nNordbrew\n## 2. What must be in it\n- the can\n- the pour\n## 3) Budget\n84,000\n",
    "a table": "| Field | Details |\n|---|---|\n| Client | Nordbrew |\n| Budget | 84,000 |\n\n### Must-haves\n\n- [ ] the can\n- [x] the pour\n",
    "a table without a head": "| Client | Nordbrew |\n|---|---|\n| **Budget** | 84,000 |\n\n## Must-haves\nthe can\n\nthe pour\n",
    "fields for a head": "| Client | Budget |\n|---|---|\n| Nordbrew | 84,000 |\n\n## Must show\n- the can\n- the pour\n",
    "settings": "---\nclient: Nordbrew\nbudget: 84,000\n---\n\n# Must-haves\n\n- the can\n- the pour\n",
    "from a PC": "\ufeffClient: Nordbrew\r\n\r\nMust-haves:\r\n\r\n- the can\r\n- the pour\r\n\r\nBudget: 84,000\r\n",
}


@pytest.mark.parametrize("habit", list(HABITS))
def test_a_brief_is_read_in_every_habit(habit: str) -> None:
    found = briefing.read(HABITS[habit].encode())
    assert [one.text for one in found.says("client")] == ["Nordbrew"]
    assert [one.text for one in found.says("must-haves")] == ["the can", "the pour"]
    assert [one.text for one in found.says("budget")] == ["84,000"]
    lines = HABITS[habit].splitlines()
    assert all(one.text in lines[one.line - 1] for points in found.points.values() for one in points)


@pytest.mark.parametrize("text", [*BRIEFS.values(), *HABITS.values()])
def test_nothing_of_a_brief_is_lost(text: str) -> None:
    found = briefing.read(text.encode())
    kept = " ".join([found.title, *(f"{one.under} {one.text}" for points in (*found.points.values(), *found.others.values()) for one in points)])
    table_heads = {"version", "length", "shape", "field", "details", "timing"}  # over columns and over rows that have heads of their own
    assert set(words(re.sub(r"\[[ x]\]|(?m:^#+ \d+[.)])|(?m:^\d+\. )", " ", text))) - set(words(kept)) - table_heads == set()


@pytest.mark.parametrize(("line", "words"), [("## Music in C#", "Music in C#"), ("## Music ##", "Music"), ("##", ""), ("#Music", "")])
def test_a_heading_is_closed_by_signs_behind_a_space_alone(line: str, words: str) -> None:
    found = [one.text for one in blocks(f"{line}\n\nPiano.") if one.kind == "heading"]
    assert found == ([words] if words else [])


def test_a_mark_of_quotation_inside_a_line_is_the_lines_own() -> None:
    found = briefing.read(b"Must show: price > 5 EUR\n\nAvoid: <b>loud</b>\n\n> said in a mail\n")
    assert [one.text for one in (*found.says("must-haves"), *found.says("avoid"), *found.others.get("", ()))][:2] == ["price > 5 EUR", "<b>loud</b>"]
    assert "said in a mail" in {one.text for points in (*found.points.values(), *found.others.values()) for one in points}


def test_a_heading_that_nobody_knows_is_kept_with_what_stands_below_it_or_alone() -> None:
    found = briefing.read(b"# Spot\n\n## Competitors\n\n## Phase two\n\n|---|---|\n| Budget | EUR 5 |\n\nMore in autumn.\n")
    assert {head: [one.text for one in points] for head, points in found.others.items()} == {"Competitors": [], "Phase two": ["More in autumn."]}
    assert found.says("budget")[0].under == "Phase two, Budget"


def test_what_is_silent_is_asked_and_what_only_holds_a_place_is_asked_with_its_line() -> None:
    found = briefing.questions(briefing.read(HOSPICE.encode()))
    assert {one.about for one in found} >= {"product", "mandatories", "budget", "message"}
    assert next((one.line, one.says) for one in found if one.about == "budget") == (28, "TBC")
    assert not {one.about for one in briefing.questions(briefing.read(BEER.encode()))} & set(briefing.CORE)


def test_what_is_left_open_in_the_middle_of_a_line_is_asked_with_its_part() -> None:
    found = briefing.questions(briefing.read("Deliverables: 30 s, 15 s, TBC for cinema, 16:9\n\nLocation: the open sea\n\nTermine: Dreh 3. März 2027; Ausstrahlung noch offen\n".encode()))
    assert [(one.about, one.asks.partition(" is left open")[0], one.line) for one in found if "left open" in one.asks] == [("dates", "“Ausstrahlung noch offen”", 5), ("deliverables", "“TBC for cinema”", 1)]


@pytest.mark.parametrize("head", ["What it has to say", "What it must say?", "THE ONE THING", "**Takeaway**", "Single-minded proposition", "Single Minded Proposition (SMP)", "Key take-away"])
def test_the_message_has_many_heads(head: str) -> None:
    assert [one.text for one in briefing.read(f"# Oats\n\n{head}\n\nMilk is older than you.\n".encode()).says("message")] == ["Milk is older than you."]


@pytest.mark.parametrize("first", ["**Competitive set:** Oatly, Alpro", "Competitors: Oatly, Alpro", "**Concurrents**", "Wettbewerb", "__Codename__: Heron"])
def test_a_label_on_the_first_line_is_no_title(first: str) -> None:
    found = briefing.read(f"{first}\n\nProduct: Oat drink\nClient: Halde\n".encode())
    assert found.title == "Oat drink, Halde"
    assert briefing.read(b"Heron, a film about oats\n\nClient: Halde\n").title == "Heron, a film about oats"


def test_what_a_letter_mentions_in_passing_is_asked_with_its_sentence() -> None:
    found = {one.about: one.says for one in briefing.questions(briefing.read(BIKE.encode()))}
    assert found["budget"] == "We have around 12k and can shoot in our shop in Utrecht."
    assert found["dates"] == "Needs to be done by the end of May!"
    assert found["references"] == "Think of the ad with the gorilla."


@pytest.mark.parametrize(("says", "note"), [
    ("Shoot: Monday 19 January 2027", "“Monday 19 January 2027” is a Tuesday."),
    ("Shoot: Tuesday, January 19th, 2027", None),
    ("Shoot: 31 April 2027", "“31 April 2027” is no day of the calendar."),
    ("Air date: 03/04/2027", "“03/04” is read in two ways: 3 April, or 4 March."),
    ("Air date: 23/04/2027", None),
])  # fmt: skip
def test_a_date_that_does_not_add_up_is_said(says: str, note: str | None) -> None:
    assert [one.says for one in briefing.notes(briefing.read(f"Dates\n-----\n{says}\n".encode()))] == ([note] if note else [])


@pytest.mark.parametrize(("says", "name"), [
    ("Dr. Oetker", "Dr. Oetker"), ("Ristorante 2.0. It is new.", "Ristorante 2.0"), ("No. 5 (the perfume)", "No. 5"), ("Ben & Jerry's, since 1978", "Ben & Jerry's"), ("J. P. Halde: a bank", "J. P. Halde"),
    ("Nordbrew One", "Nordbrew One"), ("A beer. It has no alcohol", "A beer"), ("“Salt” – a film", "Salt"),
])  # fmt: skip
def test_a_name_ends_where_a_reader_ends_it(says: str, name: str) -> None:
    assert briefing.read(f"Product: {says}\n".encode()).first("product") == name


def test_a_budget_without_a_currency_is_asked_for_one() -> None:
    assert "In which currency is that?" in [one.asks for one in briefing.questions(briefing.read(b"Budget: 84,000"))]
    assert "In which currency is that?" not in [one.asks for one in briefing.questions(briefing.read("Budget: €84,000".encode()))]


@pytest.mark.parametrize(("data", "says"), [(b"\xff\xfe\x00", "this is no text"), (b"%PDF\x00", "this is no text"), (b"  \n", "nothing is in it")])
def test_what_is_no_brief_says_so(data: bytes, says: str) -> None:
    with pytest.raises(briefing.BriefError, match=says):
        briefing.read(data)


@pytest.mark.parametrize("letters", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_brief_that_another_program_wrote_in_its_own_letters_is_taken_in(tmp_path: Path, letters: str) -> None:
    spot = answerprint.new(tmp_path / "spot", rate="25")
    (tmp_path / "brief.txt").write_bytes("Kunde: Käserei Müller\r\nBudget: 40 000 €\r\n".encode(letters))
    taken, _ = briefing.take_in(spot, tmp_path / "brief.txt")
    assert taken.says("client")[0].text == briefing.current(spot).says("client")[0].text == "Käserei Müller"
    for raw in (b"%PDF-1.7\xff", b"PK\x03\x04\xff"):
        (tmp_path / "paper.md").write_bytes(raw)
        with pytest.raises(briefing.BriefError, match="this is no text"):
            briefing.take_in(spot, tmp_path / "paper.md", replace=True)


def test_another_brief_takes_a_word_to_replace_one_and_says_what_changed(tmp_path: Path) -> None:
    spot = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text("Client: Nordbrew\nBudget: EUR 84,000\n")
    new.write_text("Client: Nordbrew\nBudget: EUR 61,000\n")
    briefing.take_in(spot, old)
    with pytest.raises(briefing.BriefError, match="--replace"):
        briefing.take_in(spot, new)
    _, change = briefing.take_in(spot, new, replace=True)
    assert change == briefing.Change(new=("budget: EUR 61,000",), gone=("budget: EUR 84,000",), was="brief 1.md")
    assert (spot.path / "brief 1.md").read_bytes() == old.read_bytes()


MAIL = """From: Marte Lie <marte@agency.test>
To: Production <hello@house.test>
Subject: FW: RE: "First Pour" - brief v3 FINAL (use this one!!)
Date: Thu, 12 Nov 2026 18:47

Hi all,

deck to follow. Could we see a treatment by Wednesday?

> CLIENT: Nordbrew (Oslo)
> JOB NO: LF-2214
> PRODUCT: First Pour, whole beans
>
> WHO ARE WE TALKING TO
> 30-50. They don't think of themselves as coffee people.
>
> TONE OF VOICE
> Quiet. No jazz!!!
>
> MANDATORIES
> * end card white on black
> * logo
>
> BUDGET: 65k all in
> DO NOT: latte art
>
> Stock is fine.

Call me if anything is unclear
M.

--
Marte Lie | Group Account Director
This e-mail may be privileged.
"""


def test_a_forwarded_mail_is_read_as_the_brief_in_it_and_what_the_mail_says_of_itself_is_nothing_of_the_film() -> None:
    for text in (MAIL, MAIL.replace("\n> ", "\n>> > "), MAIL.replace("\n>", "\n")):
        found = briefing.read(text.encode())
        assert found.title == "First Pour, Nordbrew"
        said = {field: [one.text for one in points] for field, points in found.points.items()}
        assert said == {
            "client": ["Nordbrew (Oslo)"], "product": ["First Pour, whole beans"], "audience": ["30-50. They don't think of themselves as coffee people."], "tone": ["Quiet. No jazz!!!"],
            "mandatories": ["end card white on black", "logo"], "budget": ["65k all in"], "avoid": ["latte art"],
        }  # fmt: skip
        assert {one.text: one.line for one in found.others[""]}["JOB NO: LF-2214"] == 11
        assert not [one.text for one in briefing.asking.told(found) if "marte" in one.text.casefold() or "FINAL" in one.text or "privileged" in one.text]
        if ">" in text.partition("Hi all")[2]:  # the letter over what was forwarded is to the production
            assert [one.text for one in briefing.asking.told(found)] == ["Stock is fine."]
        assert not [one.text for one in briefing.asking.told(found) if "LF-2214" in one.text]
        assert "references" not in {one.about for one in briefing.questions(found) if one.line}
        assert set(words(text)) - set(words(" ".join(f"{one.under} {one.text}" for points in (*found.points.values(), *found.others.values()) for one in points))) == set()


def test_a_brief_that_begins_with_a_from_is_no_mail() -> None:
    assert briefing.read(b"From: the people of the hill\n\n## Date\n3 March 2027\n").says("dates")[0].text == "3 March 2027"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_a_brief_is_the_same_however_its_lines_end_and_its_accents_are_written(end: str) -> None:
    text = "---\nclient: Nordbrew\nproduct: Café\n---\n\n# Salt\n\nBudget\n------\n10 000 EUR\n\n| Was | |\n|---|---|\n| Zielgruppe für Käse | Köche |\n\n- one\n- two\n"
    one, other = briefing.read(text.encode()), briefing.read(unicodedata.normalize("NFD", text).replace("\n", end).encode())
    assert (one.points, one.others, one.title, one.lines) == (other.points, other.others, other.title, other.lines)


@pytest.mark.parametrize("line", ["[" * 100_000, "[a](" * 8_000, "Subject: x\nFrom: y\n\n" + "-" * 100_000, "From: a\n" * 12_000, "Budget " + ". " * 10_000 + "40 000 EUR", "# a" + " " * 10_000 + "b", "(" * 100_000, "# Competitors\nFizz, " + "(" * 100_000], ids=["brackets", "links", "dashes", "senders", "leaders", "a wide heading", "parentheses", "names in parentheses"])
def test_a_brief_of_one_sign_is_read_as_soon_as_any_other(line: str) -> None:
    begun = time.process_time()
    briefing.marks(briefing.read(line.encode(), name="brief.md"))
    assert time.process_time() - begun < 5  # each took minutes, in which a room answered nobody
