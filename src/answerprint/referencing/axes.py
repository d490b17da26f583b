"""What a director of photography varies, in exact words: lens, height, distance, key, practicals, time of day; and every combination of what is asked."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from answerprint.model.records import AnswerprintError

__all__ = ["AXES", "AxisError", "Variation", "axes_of", "grid"]

#: axis -> its terms as somebody names them -> the words of the request. Lenses are those of a Super 35 frame, as a camera report writes them.
AXES: Mapping[str, Mapping[str, str]] = {
    "lens": {
        "18": "18 mm lens, wide, straight lines near the edges lean outward", "25": "25 mm lens, wide", "35": "35 mm lens, moderately wide", "50": "50 mm lens, natural perspective",
        "85": "85 mm lens, background close behind and out of focus", "135": "135 mm lens, flattened depth, background large and soft",
    },
    "height": {
        "ground": "camera on the ground", "low": "camera at hip height, looking slightly up", "eye": "camera at eye height", "high": "camera above head height, looking slightly down",
        "overhead": "camera straight above, looking down",
    },
    "distance": {
        "extreme wide": "extreme wide shot, the figure small in the place", "wide": "wide shot, the figure from head to foot", "medium": "medium shot, from the waist up", "close": "close-up, head and shoulders",
        "extreme close": "extreme close-up, one detail fills the frame",
    },
    "key": {
        "front": "key light from beside the camera", "three-quarter": "key light three-quarter from the front", "side": "key light from the side, half in shadow", "back three-quarter": "key light three-quarter from behind",
        "back": "key light from behind, edge lit", "top": "key light from straight above", "below": "key light from below",
    },
    "practicals": {"none": "no lamp in the picture", "lamp": "one practical lamp in the picture", "window": "a lit window in the picture", "screen": "a lit screen in the picture", "candle": "a candle in the picture", "neon": "a neon tube in the picture"},
    "time": {
        "dawn": "before sunrise, cool sky", "morning": "low morning sun", "noon": "high sun, short shadows", "afternoon": "slanting afternoon sun", "golden": "the last hour before sunset, long warm shadows",
        "dusk": "after sunset, blue sky, lamps lit", "night": "night, no daylight",
    },
}  # fmt: skip
_MOST = 24  #: frames of one grid: more than that nobody looks at side by side
_WHERE = ("left", "right", "behind", "front", "above")


class AxisError(AnswerprintError):
    """An axis, or a term on it, that is none."""


@dataclass(frozen=True, kw_only=True)
class Variation:
    """One cell of a grid."""

    steps: tuple[tuple[str, str], ...]  #: (axis, term) in the order of AXES
    words: str  #: of the whole request
    base: str = ""  #: of those, what every cell of the grid has

    @property
    def name(self) -> str:
        return ", ".join(f"{axis} {term}" for axis, term in self.steps)


def axes_of(text: str) -> dict[str, tuple[str, ...]]:
    """What somebody asks for: "lens=35,85; height=eye,low". The word "mm" may stand behind a lens.

    Raises: AxisError: an axis or a term that is none; the sentence lists those there are.
    """
    out: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        axis, _, terms = part.partition("=")
        axis = axis.strip().casefold()
        if axis not in AXES:
            raise AxisError(f"{axis!r} is no axis. There are: {', '.join(AXES)}.")
        named = tuple(dict.fromkeys(term.strip().casefold().removesuffix("mm").strip() for term in terms.split(",") if term.strip()))
        if not named:
            raise AxisError(f"{axis} names no term. There are: {', '.join(AXES[axis])}.")
        if wrong := [term for term in named if term not in AXES[axis]]:
            raise AxisError(f"{axis} has no {wrong[0]!r}. There are: {', '.join(AXES[axis])}.")
        out[axis] = named
    return out


def grid(words: str, axes: Mapping[str, Sequence[str]], *, practical: str = "") -> tuple[Variation, ...]:
    """Every combination, in the order of the axes: the first axis turns slowest. Without axes, the one request.

    Args:   words: what is to be seen.  practical: one lamp of the set by name and side, "lamp, left": it is in every picture.
    Raises: AxisError: a term that is none; more frames than anybody looks at; a practical with a side that is none.
    """
    placed = _practical(practical)
    if placed and "practicals" in axes:
        raise AxisError("a practical is named, and the grid varies practicals: take one of the two.")
    used = [(axis, tuple(axes[axis])) for axis in AXES if axis in axes]
    if unknown := next(((axis, term) for axis, terms in used for term in terms if term not in AXES[axis]), None):
        raise AxisError(f"{unknown[0]} has no {unknown[1]!r}. There are: {', '.join(AXES[unknown[0]])}.")
    count = 1
    for _, terms in used:
        count *= len(terms)
    if count > _MOST:
        raise AxisError(f"that makes {count} frames ({' x '.join(str(len(terms)) for _, terms in used)}), and {_MOST} is the most. Hold one of these still: {', '.join(axis for axis, _ in used)}.")
    base = ". ".join(filter(None, (words.strip().rstrip("."), placed)))
    made = []
    for terms in itertools.product(*(terms for _, terms in used)):
        steps = tuple(zip((axis for axis, _ in used), terms, strict=True))
        made.append(Variation(steps=steps, words=". ".join(filter(None, (words.strip().rstrip("."), *(AXES[axis][term] for axis, term in steps), placed))) + ".", base=base))
    return tuple(made)


def _practical(text: str) -> str:
    if not text.strip():
        return ""
    thing, _, side = (one.strip() for one in text.partition(","))
    if side and side.casefold() not in _WHERE:
        raise AxisError(f"{side!r} is no side of the picture. A practical stands: {', '.join(_WHERE)}.")
    where = {"": "in the picture", "left": "at the left of the picture", "right": "at the right of the picture", "behind": "behind the figure", "front": "between camera and figure", "above": "above the figure"}[side.casefold()]
    return f"a practical, {thing}, lit, {where}"
