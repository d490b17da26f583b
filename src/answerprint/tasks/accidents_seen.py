"""Accidents that are seen: what moves where the others stand still, light, flares, bumps, a breath of the focus, something that crosses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from answerprint.model.accidents import Accident

if TYPE_CHECKING:
    from answerprint.tasks.accidents import Try

_A_MINUTE = 12  #: stretches of an attempt that are decoded whole, those that stand out most; the rest are not looked at
_ALONE = 0.5  #: of an attempt that has no other to be held against; what moves for longer is what it shows
_LIKE = 0.7  #: likeness of two attempts' pictures below which they do not show the same
_OTHERS = 2  #: attempts that show what is usual before "action" and after "cut": slates, hands, people who go
_SIDES = ("before action", "after cut")
_PLACES = (("left", "", "right"), ("top", "", "bottom"))


def look(one: Try) -> None:
    """Measure an attempt's picture: the series of its clip, its key frames, and what stands out in them.

    Raises: MediaError: the proxy cannot be read.
    """
    import numpy as np

    from answerprint.media import glancing
    from answerprint.signal import jolts, wind

    proxy, path = one.clip.artefacts.get("picture/proxy.mp4"), one.clip.artefacts.get("picture/series.npz")
    if proxy is None or path is None:
        return
    rate = float(one.info.video.rate) if one.info.video else 25.0
    known = one.clip.facts["picture"].value("proxy") if "picture" in one.clip.facts else None
    if known:
        over, _, under = str(known["rate"]).partition("/")
        rate = float(over) / float(under or 1)
    in_s, out_s = one.inside
    if out_s - in_s < 1.0:
        return
    with np.load(path, allow_pickle=False) as series:
        part = {name: series[name][int(in_s * rate) : int(out_s * rate)] for name in ("luma", "motion", "sharpness")}
    joins = [frame / rate - in_s for frame in _shots(one)]
    there = [look for look in jolts.candidates(part, rate) if not any(look.in_s - 0.3 < join < look.out_s + 0.3 for join in joins)]
    found = sorted(there, key=lambda look: -look.strength)[: max(3, int(_A_MINUTE * (out_s - in_s) / 60) + 1)]
    one.kept["looks"] = [_looked(proxy, rate, look, in_s, out_s) for look in sorted(found, key=lambda look: look.in_s)]
    frames, times = glancing.key_frames(proxy, in_s, out_s)
    if len(frames) >= 3:
        one.kept["stirs"], one.kept["times"], one.kept["shows"] = wind.stirs(frames), times, np.median(frames[:: max(1, len(frames) // 15)], axis=0)
        one.kept["key frames"] = frames
    for side, span in zip(_SIDES, ((one.around[0], in_s), (out_s, one.around[1])), strict=True):
        frames, times = glancing.key_frames(proxy, *span)
        if len(frames) >= 3 and not any(span[0] < frame / rate < span[1] for frame in _shots(one)):
            one.kept[side] = wind.changes(frames), times


def _shots(one: Try) -> list[float]:
    """The frames on which another shot begins in a clip that was cut."""
    return list(one.clip.facts["picture"].value("picture.shots", [])) if "picture" in one.clip.facts else []


def _looked(proxy: Any, rate: float, look: Any, from_s: float, to_s: float) -> tuple[Any, Any]:
    """What one stretch was: (kind, evidence, strength) or None, with its times in the clip."""
    from answerprint.media import glancing
    from answerprint.signal import jolts

    in_s, out_s = from_s + look.in_s, from_s + look.out_s
    spare_s = 0.5
    frames = glancing.stretch(proxy, max(from_s, in_s - spare_s), min(to_s, out_s + spare_s))
    lead = round((in_s - max(from_s, in_s - spare_s)) * rate)
    tail = len(frames) - round((min(to_s, out_s + spare_s) - out_s) * rate)
    if len(frames) < 6:
        return (in_s, out_s), None
    if look.what == "light":
        few = max(2, round(0.15 * rate))
        peak = lead + max(0, (tail - lead) // 2)
        for at in (tail, peak):
            seen = jolts.flickered(frames[:few], frames[max(0, at - few // 2) : at + few])
            if seen is not None:
                says = f"{'a veil of light' if seen[0] == 'flare' else 'brighter' if seen[1] > 0 else 'darker'}, {abs(seen[1]):.0f} codes of 255 at once"
                return (in_s, out_s), (seen[0], says, look.strength)
        return (in_s, out_s), None
    if look.what == "focus":
        middle = (lead + tail) // 2
        soft = jolts.softened(frames[: max(2, lead // 2)], frames[max(0, middle - 2) : middle + 2], frames[-max(2, lead // 2) :])
        return (in_s, out_s), soft and ("focus breath", f"{soft[0]:.0%} of what is sharp goes soft by {soft[1]:.0%} and comes back", look.strength)
    through = jolts.crossed(frames[:: max(1, round(rate / 12))])
    if through is not None:
        return (in_s, out_s), ("crossing", f"something takes {through[0]:.0%} of the picture and goes {through[1]:.0%} of the way through it", look.strength)
    jump = jolts.jolted(frames[max(0, lead - 3) : tail + 3], rate)
    return (in_s, out_s), jump and ("bump", f"the whole picture jumps {jump[0]:.0f} of 320 pixels in {jump[1]:.2f} s", look.strength)


def accidents(group: Sequence[Try]) -> Iterable[Accident]:
    """Everything that is seen in the attempts of one set-up, against each other."""
    for one in group:
        others = [other for other in group if other is not one and _shows_the_same(one, other)]
        count = f"{len(others)} other attempt{'s' * (len(others) != 1)} of {one.setup}" if others else f"the rest of this attempt: {one.setup} has no other like it"
        for (in_s, out_s), seen in one.kept.get("looks", []):
            if seen:
                kind, says, strength = seen
                yield one.found(kind, in_s, out_s, says, f"the seconds around it, and {count}", apart=strength)
        yield from _wind(one, others, count)
        yield from _beside(one, others)


def _shows_the_same(one: Try, other: Try) -> bool:
    import numpy as np

    if "shows" not in one.kept or "shows" not in other.kept or one.kept["shows"].shape != other.kept["shows"].shape:
        return False
    return float(np.corrcoef(one.kept["shows"].ravel(), other.kept["shows"].ravel())[0, 1]) >= _LIKE


def _wind(one: Try, others: Sequence[Try], count: str) -> Iterable[Accident]:
    import numpy as np

    from answerprint.signal import wind

    if "stirs" not in one.kept:
        return
    fields = one.kept["stirs"]
    calm = wind.usual([other.kept["stirs"] for other in others]) if others else np.percentile(fields[1:], 60, axis=0).astype(np.float32)
    found = wind.stirred(fields, calm, one.kept["times"], one.kept["key frames"])
    if not others and (len(found) != 1 or found[0].out_s - found[0].in_s > _ALONE * (one.inside[1] - one.inside[0]) or not found[0].back):
        return  # what moves again and again, most of the time, or for good is what happens in the shot
    for stir in found:
        place = _place(stir.where)
        usually = "where the others stand still" if others else "where it stood still before"
        yield one.found("wind seen", stir.in_s, stir.out_s, f"{stir.fields} of 144 fields at the {place} keep moving {usually}", count, apart=stir.times / 1.8)


def _beside(one: Try, others: Sequence[Try]) -> Iterable[Accident]:
    """What moves before "action" or after "cut" and in no other attempt there: a slate, a hand, an actor who goes are in all of them."""
    from answerprint.signal import wind

    for side in _SIDES:
        there = [other.kept[side][0] for other in others if side in other.kept]
        if side not in one.kept or len(there) < _OTHERS:
            continue
        fields, times = one.kept[side]
        stir = wind.passing(fields, wind.usual(there), times)
        if stir is not None:
            yield one.found(f"moves {side}", stir.in_s, stir.out_s, f"{stir.fields} of 144 fields move, most of them at the {_place(stir.where)}",
                            f"{len(there)} other attempts of {one.setup}: nothing moves there like that", where=side, apart=stir.times / 1.8)  # fmt: skip


def _place(where: tuple[float, float]) -> str:
    """A place in the picture, given as shares of its width and height, in words."""
    side, height = (_PLACES[axis][min(2, int(where[axis] * 3))] for axis in range(2))
    return " ".join(word for word in (height, side) if word) or "middle"
