"""Over a day: a slate that was not heard clearly is named by its place, with the place as its source; a clear one keeps its name."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from answerprint.model.attempts import Attempt, Reading
from answerprint.model.extend import Input, Work
from answerprint.model.records import Fact, Facts, MediaInfo, to_plain
from answerprint.script.settling import settle
from answerprint.tasks import takes

EVEN = [["130", 2, -3.9], ["113", 2, -4.0], ["13", 2, -6.5]]


def facts(task: str, **values: Any) -> Facts:
    return Facts(task=task, version=1, inputs=(), facts=tuple(Fact(about="d", name=name.replace("__", "."), value=value, method="made") for name, value in values.items()))


def clip(number: int, name: str | None, take: int | None, *more: Reading, names: list[list[Any]] | None = None, attempts: int = 1) -> Input:
    """One clip with one spoken slate; with `names` it was not clear."""
    measure = "least word probability 0.40; weighed as a slate; not clear" if names else "least word probability 0.97"
    said = [Reading(what=what, value=str(value), source="spoken slate", at_s=2.0, measure=measure) for what, value in (("slate", name), ("take", take)) if value]  # type: ignore[arg-type]
    made = [settle(Attempt(number=n + 1, in_s=5.0 + 9 * n, out_s=12.0 + 9 * n), (*said, *more)) for n in range(attempts)]
    row = {"at_s": 2.0, "span_s": [1.7, 4.2], "tail": False, "clear": not names and bool(name and take), "names": names or []}
    info = MediaInfo(kind="clip", container="mov", duration_s=Fraction(20))
    known = {"ingest": facts("ingest", media__info=to_plain(info)), "attempts": facts("attempts", attempts=to_plain(made), slate__names=[row] if said else [])}
    stem = f"A001_C{number:03d}"
    return Input(path=Path(stem), file=f"card/{stem}.mov", digest=f"blake3:{stem}", facts=known)


def over_the_day(tmp_path: Path, *clips: Input) -> dict[str, Any]:
    work = Work(subject=None, clips=clips, sounds=(), params={"notes": None, "speech_model": None}, scratch=tmp_path)
    return {fact.name: fact.value for fact in takes.task.run(work)}


def names(found: dict[str, Any]) -> list[tuple[str | None, int | None]]:
    return [(one["scene"] or one["slate"], one["take"]) for row in found["takes"] for one in row["attempts"]]


def test_an_unclear_slate_is_named_by_shooting_order_and_says_so(tmp_path: Path) -> None:
    found = over_the_day(tmp_path, clip(1, "113", 1), clip(2, "130", 2, names=EVEN, attempts=2), clip(3, "113", 3))
    assert names(found) == [("113", 1), ("113", 2), ("113", 2), ("113", 3)]
    (row,) = found["takes.order"]
    assert (row["file"], row["was"], row["says"]) == ("card/A001_C002.mov", "130-2", "by shooting order: between 113-1 and 113-3")
    one = found["takes"][1]["attempts"][0]
    assert any("by shooting order: between 113-1 and 113-3" in (reading["measure"] or "") for reading in one["readings"])
    assert "the running order says slate 113, the slate says slate 130" in one["conflicts"]


def test_a_clear_slate_keeps_its_name_and_the_conflict_is_a_sentence(tmp_path: Path) -> None:
    found = over_the_day(tmp_path, clip(1, "113", 1), clip(2, "130", 5), clip(3, "113", 3))
    assert names(found) == [("113", 1), ("130", 5), ("113", 3)]
    assert found["takes.order"] == []
    assert "A001_C002 is slated 130-5 and stands between 113-1 and 113-3, where shooting order has 113-2: it stays as it is slated" in found["takes.notes"]


def test_what_the_recorder_confirms_is_clear(tmp_path: Path) -> None:
    wrote = [Reading(what=what, value=value, source="iXML", measure="T002.wav") for what, value in (("scene", "130"), ("take", "2"))]  # type: ignore[arg-type]
    found = over_the_day(tmp_path, clip(1, "113", 1), clip(2, "130", 2, *wrote, names=EVEN), clip(3, "113", 3))
    assert names(found)[1] == ("130", 2)


def test_a_slate_of_which_only_the_take_was_understood_is_the_one_that_is_missing(tmp_path: Path) -> None:
    found = over_the_day(tmp_path, clip(1, "42", 1), clip(2, None, 2), clip(3, "42", 3))
    assert names(found)[1] == ("42", 2)
    assert names(over_the_day(tmp_path, clip(1, "42", 1), clip(2, None, 6), clip(3, "42", 3)))[1] == (None, 6)


@pytest.mark.parametrize("clips", [(), (clip(1, "113", 1),), (clip(1, "130", 2, names=EVEN),)])
def test_a_day_of_one_clip_has_no_order(tmp_path: Path, clips: tuple[Input, ...]) -> None:
    assert over_the_day(tmp_path, *clips)["takes.order"] == []
