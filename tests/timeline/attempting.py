"""Attempts for the timeline's tests, as lining would hand them over."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from answerprint.model.attempts import Attempt, Covered
from answerprint.timeline.dailies import SyncedClip
from answerprint.timeline.strings import Strung
from tests.timeline.shoots import clip, recorder, sound


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An item of a script, as short as a test needs it."""

    number: int
    kind: str = "line"
    flat: str = "The cup is warm."
    seconds: Fraction | None = None
    stock: str | None = None
    card: bool = False


def covered(item: int, in_s: float, out_s: float, *, complete: bool = True, kind: Any = "line", attempt: int = 1) -> Covered:
    return Covered(attempt=attempt, item=item, kind=kind, in_s=in_s, out_s=out_s, complete=complete)


def strung(of: SyncedClip, in_s: float, out_s: float, *says: Covered, number: int = 1, **more: Any) -> Strung:
    return Strung(clip=of, attempt=Attempt(number=number, in_s=in_s, out_s=out_s, **more), covered=says)


def voice(number: int, seconds: int = 30) -> SyncedClip:
    """A voice-over file."""
    return SyncedClip(media=recorder(seconds, names=("VO",)), file=f"sound/VO{number}.wav", path=f"/shoot/sound/VO{number}.wav", digest=f"blake3:{5000 + number:064x}")


def day(rate: Fraction) -> list[Strung]:
    """A morning: line 1 three times (the second circled), line 2 in the third clip as well, a product shot, a voice-over, room tone."""
    one = clip(1, rate, 500, sounds=(sound(Fraction(35605, 10000)),))
    two = clip(2, rate, 700, sounds=(sound(Fraction(-12345, 10007), length=9, number=2, drift=Fraction(40)),))
    three = clip(3, rate, 250, channels=0)
    return [
        strung(one, 1.234, 5.021, covered(1, 2.0, 3.5), scene="1A", take=1),
        strung(one, 6.5, 11.9, covered(1, 7.25, 9.001), scene="1A", take=2, circled=True, circled_by="Mara Lind", number=2),
        strung(two, 0.0, 12.02, covered(1, 3.003, 5.1), covered(2, 5.9, 8.2), scene="1A", take=3),
        strung(two, 14.0, 15.5, scene="1A", take=4, kind="false start", number=2),
        strung(three, 0.4, 7.7, covered(3, 0.4, 7.7, kind="picture"), slate="47", take=1),
        strung(voice(1), 0.5, 9.75, covered(4, 1.0, 3.2, kind="voice-over"), covered(5, 4.1, 9.0, kind="voice-over")),
        strung(voice(2, 40), 0.0, 40.0, kind="wild"),
    ]  # fmt: skip


ITEMS = (
    Wanted(number=1, flat="Morning starts before the light does."),
    Wanted(number=2, flat="Nobody is awake yet."),
    Wanted(number=3, kind="picture", flat="The machine, steaming.", seconds=Fraction(3)),
    Wanted(number=4, kind="voice-over", flat="Roasted slowly, poured once."),
    Wanted(number=5, kind="voice-over", flat="Two hundred grams."),
)
