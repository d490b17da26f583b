"""What a request's words are, wherever they stand: a brief's, a client's paper in a folder below, a person's in a draft, or this program's own questions, which are nobody's."""

from __future__ import annotations

from pathlib import Path

import pytest

import answerprint
from answerprint import drafting
from answerprint.calling.carried import carried, declared
from answerprint.calling.permission import CallError
from answerprint.desk import Desk
from answerprint.drafting import Written
from answerprint.model.providers import Request
from answerprint.spot import Spot
from tests.drafting.briefs import BEER, PROSE

OWN = "She has driven this road for eleven winters and never once met the plough."


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = answerprint.new(tmp_path / "spot", rate="25", title="Salt")
    (made.path / "brief.md").write_text(BEER, encoding="utf-8")
    return made


def asked(spot: Spot, words: str) -> set[str]:
    return set(carried(Desk(spot), Request(kind="words", words=f"Say it shorter: {words}", carries=())))


def test_a_draft_is_the_briefs_a_services_a_persons_and_nobodys_by_its_passages(spot: Spot) -> None:
    made = drafting.draft_treatment(spot, writer=lambda prompt, seed: Written(text=PROSE.partition("## Tone")[0], by="writer"))
    path = spot.path / made.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("## Story", f"{OWN}\n\n## Story").replace("and nobody stops her.", "and nobody anywhere in town has the heart to stop her."), encoding="utf-8")
    assert asked(spot, OWN) == {"client documents"}, "a person wrote it"
    assert asked(spot, "in towns, who would have one beer if they did not have to drive") == {"words of the brief"}
    assert asked(spot, "the only one who will drive, and the only one who drinks") == {"words of the brief"}, "a service made it of the brief's words"
    assert asked(spot, "A woman leaves a party with a can") == {"words of the brief"}, "of a changed sentence, what nobody changed"
    assert asked(spot, "nobody anywhere in town has the heart") == {"client documents"}, "of a changed sentence, what somebody did"
    assert asked(spot, "Where does the light in the first picture come from, and may it be seen?") == set(), "this program asks that of everybody"
    assert asked(spot, "The film never explains why that is. " + OWN) == {"words of the brief", "client documents"}


def test_a_paper_below_counts_as_one_in_the_folder_does_and_a_hidden_one_is_the_programs_own(spot: Spot) -> None:
    fee = "The fee is paid within thirty days of delivery."
    for place in ("contracts/spring/contract.txt", ".answerprint/log/note.md"):
        path = spot.path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fee if place.startswith("contracts") else "A line that stands in no paper at all but here.", encoding="utf-8")
    (spot.path / "drafts").mkdir()
    (spot.path / "drafts" / "a letter of mine.md").write_text(OWN, encoding="utf-8")
    assert carried(Desk(spot), Request(kind="words", words=fee, carries=())) == {"client documents": "“the fee is paid within thirty” stands in contracts/spring/contract.txt"}
    assert asked(spot, "A line that stands in no paper at all but here.") == set()
    assert asked(spot, OWN) == {"client documents"}, "of no machine's making"


def test_the_briefs_words_in_another_paper_stay_the_briefs_and_a_brief_that_was_replaced_is_one(spot: Spot) -> None:
    said = "Alcohol-free beer is bought by people who drive."
    (spot.path / "treatment.md").write_text(f"{said} {OWN}", encoding="utf-8")
    (spot.path / "brief 1.md").write_text("An earlier word about winter tyres and about patience.", encoding="utf-8")
    assert asked(spot, said) == {"words of the brief"}
    assert asked(spot, f"{said} {OWN}") == {"words of the brief", "client documents"}
    assert asked(spot, "an earlier word about winter tyres and about") == {"words of the brief"}


def test_who_cannot_know_where_words_stand_has_them_declared_and_what_was_said_is_kept(spot: Spot) -> None:
    (spot.path / "letter.txt").write_text(OWN, encoding="utf-8")
    request = Request(kind="words", words=OWN, carries=("words of the brief",))
    assert declared(Desk(spot), request).carries == ("words of the brief", "client documents")
    plain = Request(kind="words", words="Rain on a window.", carries=())
    assert declared(Desk(spot), plain) is plain


def test_what_is_quoted_of_a_writing_without_spaces_is_found_and_a_paragraph_of_it_is_no_file(spot: Spot) -> None:
    kitchen, letter = "清晨的厨房里没有人说话，只有水壶慢慢地响起来。一只手揭开锅盖，等着蒸汽升起。", "合同规定在交付后三十天之内付清全部的费用。"
    (spot.path / "brief.md").write_text(kitchen, encoding="utf-8")
    (spot.path / "contract.txt").write_text(letter, encoding="utf-8")
    assert asked(spot, "写短一点，只有水壶慢慢地响起来，一只手揭开锅盖") == {"words of the brief"}
    assert asked(spot, f"{kitchen}{letter}") == {"words of the brief", "client documents"}
    assert asked(spot, "一只手和一个水壶") == set(), "what anybody says"
    assert asked(spot, kitchen * 8) == {"words of the brief"}
    with pytest.raises(CallError, match="a “word” of 300 letters"):
        asked(spot, "汽" * 300)
