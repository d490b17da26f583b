"""Drafts: nothing is lost of a brief, concepts are unlike each other, nobody's words are written over, and each passage is told as what it is."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import answerprint
from answerprint import briefing, calling, cli, drafting
from answerprint.cli import draft
from answerprint.drafting.concepts import concepts
from answerprint.drafting.making import parted
from answerprint.drafting.treatment import SECTIONS
from answerprint.drafting.unlike import BY_WORDS, by_meaning, by_words
from answerprint.model.providers import Price, Request, Response
from answerprint.passages import words
from answerprint.spot import Spot
from tests.drafting.briefs import BEER, BIKE, BRIEFS, PROSE
from tests.drafting.tellings import TELLINGS


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    (made.path / "brief.md").write_text(BEER, encoding="utf-8")
    return made


def whose(production: Spot, file: str) -> dict[str, str]:
    return {one.text: one.origin for one in drafting.origins(production.path / file)}


def writer(*answers: str) -> drafting.Writer:
    """A service that gives these answers, one after another."""
    left = list(answers)

    def write(prompt: str, seed: int) -> drafting.Written:
        return drafting.Written(text=left.pop(0), by="writer", entry=7)

    return write


# ---- whose a passage is


def test_a_page_that_nobody_touched_is_the_machines_and_the_briefs_to_the_last_passage(spot: Spot) -> None:
    made = drafting.draft_treatment(spot)
    assert set(whose(spot, made.file).values()) == {"machine", "brief"}
    assert {one.text for one in drafting.origins(spot.path / made.file) if one.origin == "brief"} >= {"A pour into a glass, head of two fingers", "1 March 2027"}


def test_a_passage_that_is_moved_to_another_draft_or_typed_in_again_stays_the_machines(spot: Spot) -> None:
    first, second = drafting.draft_concepts(spot, 2)[0]
    line = next(one.text for one in drafting.origins(spot.path / first.file) if one.kind == "sentence" and len(one.text.split()) > 9)
    path = spot.path / second.file
    path.write_text(path.read_text(encoding="utf-8") + f"\n**{line.upper().rstrip('.')}**!\n\nShe waits on the quay until the last ferry has gone.\n", encoding="utf-8")
    found = whose(spot, second.file)
    assert found[f"{line.upper().rstrip('.')}!"] == "machine"
    assert found["She waits on the quay until the last ferry has gone."] == "person"


def test_no_draft_is_told_by_one_number_and_every_warning_names_its_line(spot: Spot) -> None:
    made = drafting.draft_treatment(spot)
    path = spot.path / made.file
    path.write_text("# Drive home\n\nSomebody has to drive, and it is the one who is happiest about it.\n\nWhat stays dark?\n", encoding="utf-8")
    (one,) = drafting.unedited(path)
    assert (one.text, one.line) == ("What stays dark?", 5)
    assert drafting.warnings(path) == ("treatment.md, line 5: “What stays dark?” is as the machine wrote it (answerprint). Make it yours, or take it out.",)
    (told,) = drafting.status(spot)
    assert "%" not in told.words
    assert told.words.startswith("2 passages written by a person")


def test_a_draft_outside_of_its_production_is_nobodys_to_tell(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("Once upon a time.")
    with pytest.raises(drafting.DraftingError, match="lies in no production"):
        drafting.origins(tmp_path / "page.md")


def test_phrases_that_recur_are_pointed_at_and_the_briefs_words_are_not(spot: Spot) -> None:
    folder = spot.path / "drafts"
    folder.mkdir()
    (folder / "a.md").write_text("The night holds its breath for her.\n\nNobody who looks younger than 25 is in it.\n")
    (folder / "b.md").write_text("Then the whole night holds its breath for her again.\n\nNobody who looks younger than 25 either.\n")
    (phrase,) = drafting.recurring(drafting.status(spot), BEER)
    assert phrase.words == "night holds its breath for her"
    assert phrase.at == (("drafts/a.md", 1), ("drafts/b.md", 1))


# ---- concepts


@pytest.mark.parametrize("name", list(BRIEFS))
def test_concepts_are_at_least_the_floor_apart_and_each_keeps_its_brief(name: str) -> None:
    brief = briefing.read(BRIEFS[name].encode())
    measure = by_words(BY_WORDS, without=brief.text)
    found = concepts(brief, 6, measure=measure)
    frames = [one.about["frame"] for one in found.laid]
    assert len(frames) == 6
    assert min(measure.between(one, other) for one in frames for other in frames if one is not other) >= BY_WORDS
    assert all(any(piece.whose == "brief" for piece in one.pieces) for one in found.laid)


def test_a_product_is_called_as_it_writes_itself() -> None:
    pages = [one.markdown for product in (b"iPhone Oat", b"the new oat") for one in concepts(briefing.read(b"Client: Halde\nProduct: " + product + b"\n"), 6, measure=by_words(0.0)).laid]
    assert any("iPhone Oat" in page for page in pages)
    assert any("The new oat" in page for page in pages), "a sentence begins with a capital"
    assert not any("IPhone" in page for page in pages)


def test_another_run_makes_others_until_there_are_no_more(spot: Spot) -> None:
    first, _ = drafting.draft_concepts(spot, 6)
    second, _ = drafting.draft_concepts(spot, 2)
    assert [one.file for one in second] == ["drafts/concept 7.md", "drafts/concept 8.md"]
    assert len({one.digest for one in (*first, *second)}) == 8
    brief = briefing.current(spot)
    short = concepts(brief, 5, measure=replace(by_words(0.995), between=by_words(0.995, without=brief.text).between))
    assert len(short.laid) < 5
    assert "no further one was unlike the others enough" in short.short


def test_an_answer_too_near_to_another_is_thrown_back_and_asked_for_again_within_bounds(spot: Spot) -> None:
    night, ferry = "A nurse drives home through rain and opens one can at every red light.", "The ferry captain pours for two hundred strangers and keeps the last glass dry."
    made, found = drafting.draft_concepts(spot, 2, writer=writer(night, night + " So.", ferry))
    assert [len(found.thrown), len(made)] == [1, 2]
    assert made[1].calls == (7,)
    assert {one.whose for one in drafting.origins(spot.path / made[0].file) if one.text == night} == {"writer"}
    stuck = concepts(briefing.current(spot), 2, measure=by_words(BY_WORDS), writer=writer(*[night] * 6))
    assert [len(stuck.laid), len(stuck.thrown)] == [1, 5]
    assert stuck.short.startswith("1 of 2")
    assert stuck.laid[0].about["thrown"].splitlines() == [*stuck.thrown, stuck.short], "whoever opens the page later reads it too"


def test_a_concept_that_was_deleted_holds_no_new_one_back_and_its_number_is_not_given_again(spot: Spot) -> None:
    night = "A nurse drives home through rain and opens one can at every red light."
    (one,), _ = drafting.draft_concepts(spot, 1, writer=writer(night))
    (spot.path / one.file).unlink()
    (two,), found = drafting.draft_concepts(spot, 1, writer=writer(night + " So."))
    assert (two.file, found.thrown, two.values["nearest"]) == ("drafts/concept 2.md", (), "")


def test_unlike_by_meaning_takes_anything_that_embeds() -> None:
    measure = by_meaning(lambda found: [[float("rain" in text), float("ferry" in text)] for text in found], 0.5)
    assert measure.between("rain again", "the rain") == 0
    assert measure.between("rain again", "a ferry") == 1


def test_meaning_is_asked_for_and_is_no_default_because_it_separates_badly(spot: Spot, tmp_path: Path) -> None:
    ideas = TELLINGS["beer"]
    measure = drafting.meaning()
    near, one, other = min((measure.between(*pair), *pair) for texts in ideas.values() for pair in combinations(texts, 2))
    assert near < measure.floor <= measure.between(ideas["ice"][0], ideas["the toast"][0])
    told = sum(measure.between(*pair) < measure.floor for texts in ideas.values() for pair in combinations(texts, 2))
    assert told < 10, "of thirty retellings: the floor's own comment says how many of all"
    _, found = drafting.draft_concepts(spot, 2, writer=writer(one, other))
    assert found.thrown == ()
    (tmp_path / "other").mkdir()
    again = answerprint.new(tmp_path / "other" / "spot", rate="25", title="Salt")
    (again.path / "brief.md").write_text(BEER, encoding="utf-8")
    made, found = drafting.draft_concepts(again, 2, writer=writer(one, other, ideas["the toast"][0]), also=measure)
    assert ["by meaning from concept 1" in line for line in found.thrown] == [True]
    assert made[1].values["thrown"] == found.thrown[0]
    with pytest.raises(drafting.DraftingError, match="held apart by their words alone"):
        draft._draft(argparse.Namespace(folder=spot.path, what="concept", service=None, by_meaning=True), {"draft": {}})


# ---- treatments


def test_a_treatment_has_every_section_the_briefs_words_once_each_and_not_its_budget(spot: Spot) -> None:
    text = (spot.path / drafting.draft_treatment(spot).file).read_text(encoding="utf-8")
    assert [line[3:] for line in text.splitlines() if line.startswith("## ")][: len(SECTIONS)] == [one.name for one in SECTIONS]
    assert "84,000" not in text
    assert "No idea was invented here" in text
    for point in briefing.current(spot).says("must-haves"):
        assert point.text in text


def test_of_a_letter_each_sentence_about_the_film_is_on_the_page_and_no_money_and_no_greeting(spot: Spot) -> None:
    (spot.path / "brief.md").write_text(BIKE, encoding="utf-8")
    for made in (drafting.draft_treatment(spot), drafting.draft_concepts(spot, 1)[0][0]):
        text = (spot.path / made.file).read_text(encoding="utf-8")
        assert "it should be a bit crazy." in text
        assert not any(word in text for word in ("12k", "Thanks", "end of May", "Hi Mara"))


def test_a_treatment_from_a_concept_takes_what_the_person_made_of_it_and_leaves_it_theirs(spot: Spot) -> None:
    drafting.draft_concepts(spot, 1)
    path = spot.path / "drafts/concept 1.md"
    own = "The officer asks her for the line, and she gives it to him."
    path.write_text(path.read_text(encoding="utf-8").replace("## To be answered\n", f"## To be answered\n\n{own}\n"), encoding="utf-8")
    made = drafting.draft_treatment(spot, start="concept:1")
    found = whose(spot, made.file)
    assert found[own] == "person"
    assert made.values["from"] == "drafts/concept 1.md"
    assert "Nobody invented an idea yet." not in found
    with pytest.raises(drafting.DraftingError, match="There is: concept:1"):
        drafting.draft_treatment(spot, start="concept:4")


def test_nobodys_words_are_written_over(spot: Spot) -> None:
    first = drafting.draft_treatment(spot)
    assert drafting.draft_treatment(spot) == first
    path = spot.path / first.file
    path.write_text("Mine now.", encoding="utf-8")
    assert drafting.draft_treatment(spot).file == "drafts/treatment 2.md"
    assert path.read_text(encoding="utf-8") == "Mine now."


def test_what_a_service_writes_is_put_under_its_section_and_nothing_of_it_is_lost(spot: Spot) -> None:
    told = parted("Before we begin.\n\n" + PROSE)
    assert list(told) == [one.name for one in SECTIONS]
    assert words(" ".join(told.values())) == words("Before we begin.\n" + "\n".join(line for line in PROSE.splitlines() if not line.startswith("#")))
    made = drafting.draft_treatment(spot, writer=writer(PROSE))
    assert made.calls == (7,)
    assert {one.whose for one in drafting.origins(spot.path / made.file) if one.text == "They will never meet again, and they both know it."} == {"writer"}


def test_a_service_is_asked_on_the_one_road_and_its_answer_is_named_with_the_draft(spot: Spot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    class Here:
        """A model on this machine: nothing leaves."""

        name, kind, address, traffic = "writer", "words", "", ()

        def price(self, request: Request) -> Price:
            return Price(amount=Decimal(0))

        def call(self, request: Request, *, cancel: object) -> Response:
            asked.append(request)
            return Response(model="small", texts=(PROSE,), whole=False, billed=Price(amount=Decimal(0)))

    monkeypatch.setattr(calling, "opened", lambda *_, **__: Here())
    made = drafting.draft_treatment(spot, writer=drafting.service(spot, "writer"))
    assert asked[0].carries == ("words of the brief",)
    assert "84,000" not in asked[0].words
    assert any("stops in the middle" in line for line in made.says)
    record = spot.reader()
    assert record is not None
    with record:
        answer = next(entry.read() for entry in record.entries() if entry.n == made.calls[0])
    assert answer is not None
    assert (answer["what"], answer["outcome"], answer["model"]) == ("call", "answered", "small")


def test_a_draft_is_a_proposal_that_names_its_brief_and_decides_nothing(spot: Spot) -> None:
    made = drafting.draft_treatment(spot)
    record = spot.reader()
    assert record is not None
    with record:
        (entry,) = record.entries()
    body: dict[str, Any] = entry.read() or {}
    assert (entry.kind, body["execution"], body["brief"]) == ("proposal", "treatment draft", made.brief)
    assert spot.keep.get(made.brief) == BEER.encode()
    (spot.path / "brief.md").write_text(BIKE, encoding="utf-8")
    assert drafting.status(spot)[0].says == ("Made from an earlier brief.",)


# ---- at a terminal


def test_from_a_brief_to_a_page_at_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = answerprint.new(tmp_path / "spot", rate="25", title="Salt").path
    (tmp_path / "mail.md").write_text(BEER, encoding="utf-8")

    def run(*arguments: str, code: int = 0) -> str:
        assert cli.main(list(arguments)) == code
        out, err = capsys.readouterr()
        return out + err

    assert "there is no brief here" in run("draft", str(home), "concept", code=2)
    assert "Who sees the first cut" in run("brief", str(home), str(tmp_path / "mail.md"))
    assert "from concept 1 by words" in run("draft", str(home), "concept", "--count", "3")
    assert "No language model was asked" in run("draft", str(home), "treatment", "--from", "concept:2")
    told = json.loads(run("draft", str(home), "status", "--json"))
    assert [one["file"] for one in told["drafts"]] == ["drafts/concept 1.md", "drafts/concept 2.md", "drafts/concept 3.md", "drafts/treatment.md"]
    assert "nobody has written in it yet" in run("draft", str(home), "status")
    assert "is not set up here" in run("draft", str(home), "treatment", "--with", "nobody", code=2)
