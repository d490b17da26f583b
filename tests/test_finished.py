"""What the machine made for the finish is claimed of a film only where its bytes are in that film."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from answerprint import finished, finishing, production
from answerprint.model.charter import Execution
from answerprint.spot import Spot

CLIP, SUPER, MIX = (f"blake3:{one * 64}" for one in "abc")


@pytest.fixture
def spot(tmp_path: Path) -> Spot:
    made = production.new(tmp_path / "spot", rate="25")
    made.inside.mkdir(exist_ok=True)
    return made


def film(**said: Any) -> Any:
    return SimpleNamespace(**{"version": "master", "inputs": (CLIP,), "sources": {}, "made_of": {}, **said})


def kinds(spot: Spot, one: Any, n: int = 1000) -> set[str]:
    return set(finished.in_film(SimpleNamespace(production=spot), one, n))  # type: ignore[arg-type]


def test_a_correction_is_in_a_film_only_where_it_is_the_grade_that_was_chosen(spot: Spot) -> None:
    made = finishing.propose(spot, "correction", "rushes/A.mp4", inputs=[CLIP], files={"cuts/correction/correction.ccc": b"<ccc/>"})
    digest = made.files["cuts/correction/correction.ccc"]
    assert kinds(spot, film()) == set()
    assert kinds(spot, film(sources={"grade": {"file": "grade.cdl", "digest": "blake3:other"}})) == set()
    assert kinds(spot, film(sources={"grade": {"file": "x.ccc", "digest": digest}})) == {"correction"}
    assert kinds(spot, film(sources={"grade": {"file": "x.ccc", "digest": digest}}, inputs=("blake3:another clip",))) == set()


def test_supers_and_a_cleaned_mix_are_known_by_their_seals(spot: Spot) -> None:
    finishing.propose(spot, "supers", "uk", inputs=[], files={"cuts/supers/uk legal.mov": SUPER})
    finishing.propose(spot, "clean-up", "mix master", inputs=[CLIP], files={"cuts/mix/master cleaned.wav": MIX})
    one = film(inputs=(CLIP, SUPER), sources={"mix": {"file": "cuts/mix/master cleaned.wav", "digest": MIX}})
    found = finished.in_film(SimpleNamespace(production=spot), one, 1000)  # type: ignore[arg-type]
    assert finished.supers(found) == {SUPER: "cuts/supers/uk legal.mov"}
    assert finished.cleaned(found) == {MIX}
    assert {kind for kind, _ in finished.told(found)} == {Execution.SUPERS, Execution.CLEAN_UP}


def test_captions_that_a_person_changed_are_said_to_be_changed_by_a_person(spot: Spot) -> None:
    made = finishing.propose(spot, "captions", "master.en", inputs=[], files={"cuts/captions/master.en.srt": b"1\n"})
    as_made = film(made_of={"the captions cuts/captions/master.en.srt": made.files["cuts/captions/master.en.srt"]})
    assert kinds(spot, as_made) == {"captions"}
    assert kinds(spot, film(made_of={"the captions cuts/captions/master.en.srt": "blake3:edited"})) == {"captions, by hand"}
    assert kinds(spot, film(made_of={"the captions master.en.srt": "blake3:brought by somebody under the same name"})) == set()


def test_what_was_made_after_the_answer_is_not_claimed_by_it(spot: Spot) -> None:
    made = finishing.propose(spot, "supers", "uk", inputs=[], files={"cuts/supers/uk legal.mov": SUPER})
    assert kinds(spot, film(inputs=(SUPER,)), made.entry - 1) == set()
    assert kinds(spot, film(inputs=(SUPER,)), made.entry) == {"supers"}
