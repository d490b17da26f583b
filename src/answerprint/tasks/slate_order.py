"""Slates by shooting order: what was not heard clearly is heard a last time, among the names that its neighbours on that day leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from answerprint.model.attempts import Attempt, Reading
from answerprint.model.extend import Input

if TYPE_CHECKING:
    from answerprint.script.shooting_order import Name, Slated

__all__ = ["out_of_row", "settled"]

#: One clip of one camera, and its attempts as they are named so far.
Named = tuple[Input, Sequence[Attempt]]
_RATE_HZ = 16_000


@dataclass(frozen=True, kw_only=True)
class _Place:
    """One slate in the row: of which clip, where in it, and what is known."""

    clip: int
    at_s: float
    span_s: tuple[float, float]
    tail: bool
    slated: Slated
    by_scene: bool


def settled(clips: Sequence[Named], model: str) -> Iterator[tuple[int, dict[str, Any], list[Reading]]]:
    """(number of the clip, what was settled, its readings) for each slate of one camera's day that its place names otherwise than its sound alone.

    Args: clips: in shooting order, with the facts of `attempts` and the sound that `synced` published; without that sound only names are
          weighed that were proposed when the clip was heard.
    """
    from answerprint.script.shooting_order import placed, said

    places = _places(clips)
    ears = _Ears(clips, places, model)
    for at, found in placed([one.slated for one in places], ears.weigh).items():
        one = places[at]
        (name, take), read = found.name, one.slated.read
        says = f"by shooting order: {found.between}"
        measure = says if found.ahead is None else f"{says}; {found.ahead:.0f} times likelier than anything else"
        readings = [Reading(what="take", value=str(take), source="running order", at_s=one.at_s, measure=measure)]
        by_scene = not name.isdigit() or one.by_scene
        readings.append(Reading(what="scene" if by_scene else "slate", value=name, source="running order", at_s=one.at_s, measure=measure))
        row = {"at_s": one.at_s, "name": name, "take": take, "was": said(read) if read else None, "says": says, "ahead": None if found.ahead is None else round(found.ahead, 1)}
        yield one.clip, row, readings


def out_of_row(clips: Sequence[Named]) -> list[str]:
    """A sentence for each slate that is clear and does not stand in the row."""
    from answerprint.script.shooting_order import odd, said

    places = _places(clips)
    sentences = []
    for at, (asked, between) in odd([one.slated for one in places]).items():
        stem = clips[places[at].clip][0].file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        read = places[at].slated.read
        assert read is not None
        sentences.append(f"{stem} is slated {said(read)} and stands {between}, where shooting order has {said(asked)}: it stays as it is slated")
    return sentences


def _places(clips: Sequence[Named]) -> list[_Place]:
    """The slates of a day, spoken or otherwise known; clips without any are counted with the next."""
    out: list[_Place] = []
    unslated = 0
    for number, (clip, attempts) in enumerate(clips):
        here = list(_of_clip(number, clip, attempts, unslated))
        unslated = 0 if here else unslated + 1
        out += here
    return out


def _of_clip(number: int, clip: Input, attempts: Sequence[Attempt], unslated: int) -> Iterator[_Place]:
    from answerprint.script.shooting_order import Slated

    weighed = {row["at_s"]: row for row in clip.facts["attempts"].value("slate.names", [])}
    done: set[Any] = set()
    for one in attempts:
        at_s = next((reading.at_s for reading in one.readings if reading.source == "spoken slate" and reading.at_s in weighed and reading.what in ("scene", "slate", "take")), None)
        name = one.scene or one.slate
        read = (name, one.take) if name and one.take is not None else None
        key = at_s if at_s is not None else read
        if key is None or key in done:
            continue
        done.add(key)
        row = weighed.get(at_s, {"span_s": (0.0, 0.0), "tail": False, "clear": True, "names": []})
        others = {reading.source for reading in one.readings if reading.what == "take" and reading.source not in ("spoken slate", "running order")}
        yield _Place(
            clip=number, at_s=at_s or 0.0, span_s=(row["span_s"][0], row["span_s"][1]), tail=row["tail"], by_scene=bool(one.scene),
            slated=Slated(read=read, take=one.take, clear=read is not None and bool(row["clear"] or others & set(one.source)), names=tuple((n, t, f) for n, t, f in row["names"]), unslated=unslated),
        )  # fmt: skip
        unslated = 0


class _Ears:
    """Hears single slates again, each with the names its neighbours make likely."""

    def __init__(self, clips: Sequence[Named], places: Sequence[_Place], model: str) -> None:
        self.clips, self.places, self.model = clips, places, model

    def weigh(self, at: int, names: Sequence[Name]) -> Mapping[Name, float]:
        import numpy as np

        from answerprint.tasks.slate_hearing import layer, weighed_as

        one = self.places[at]
        path = self.clips[one.clip][0].artefacts.get("synced/heard.npy")
        if path is None or one.span_s[1] <= one.span_s[0]:
            return {}
        heard = np.asarray(np.load(path, mmap_mode="r")[: round((one.span_s[1] + 1) * _RATE_HZ)], np.float32) / np.float32(32768)
        best = next(((name, take) for name, take, _ in one.slated.names), None)
        return weighed_as(names, one.span_s, one.tail, layer(heard, self.model), like=best)
