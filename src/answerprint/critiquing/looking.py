"""What a DP and a gaffer see: whose face is where, how it is lit, where there is something to look at, and how two shots of a set-up differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from answerprint.keep import cache_key, write_whole
from answerprint.model.records import Digest, Fact
from answerprint.plan import decoder_version

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.media.attending import Stretch
    from answerprint.model.ideas import Shot, Tried
    from answerprint.plan import Unit
    from answerprint.reframing.shots import Shot as Framed

__all__ = ["facts"]

_LOOK = 1  #: number of the way in which shots are looked at
_THERE = 0.6  #: of the frames that were looked at: a face seen in fewer passes through
_STILL = 0.08  #: standard deviation of its middle: who walks further across has no one place in the frame
_EYES = 0.37  #: of YuNet's box, from its top, to the eyes: the median of 117 faces of five real clips, 0.32 to 0.42 in nine tenths of them
_ABOVE = 0.35  #: of that box, to the top of the head: as frames are composed here
_HALF_PX = 3  #: of half a face in the small copy: fewer tell nothing of its light
_WINDOW = 0.2  #: to each side of a subject
_GATHERED = 0.6  #: of what there is to see that lies within it; a picture that is full all over has 0.4
_CONTOURS = 0.9  #: of a picture's changes from side to side, the sharpest tenth: with it the foot of the cup of two pours came within 2 % of where a person puts it
_FLAT = 6.0  #: codes: what coding and grain do, as `signal.attention` has it
_LOST = 0.06  #: of the height: the side of the same cup is lost in its shadow for a twenty-fifth of it above the foot
_TILT_PX = 360  #: high: lines of a few pixels' thickness are still lines
_TILT_APART = 1.0  #: degrees, of three pictures of one shot: known turns of real pictures came back within one in 97 of 100
_OF_A_SETUP = 3  #: shots, of which two can agree against one
_GLIMPSE_S = Fraction(1)  #: of another attempt: a frame is held longer
_HOW = "six frames a second of the proxy; medians; faces by YuNet, the largest in each frame"


def facts(desk: Desk, framed: Sequence[Framed], shots: Sequence[Shot], tries: Sequence[Tried], *, watch: Callable[[str, float], None]) -> Iterator[Fact]:
    """Facts named "cut:5 face height" and "try:A001_C003#2@4 subject across". A shot that cannot be looked at has none."""
    from answerprint.media import MediaError

    stills: dict[str, tuple[int, Any]] = {}
    setups = Counter(shot.setup for shot in shots)
    used = {shot.attempt for shot in shots}
    items = {shot.item for shot in shots}
    wanted = [one for one in tries if one.item in items and one.name not in used]
    for done, (one, shot) in enumerate(zip(framed, shots, strict=True)):
        watch(f"shot {shot.number}: {one.clip}", done / (len(shots) + len(wanted)))
        try:
            seen = _seen(desk, one.unit, (one.start, one.end))
        except MediaError:
            continue
        yield from _about(shot.clip, f"cut:{shot.number}", seen)
        if shot.setup is not None:
            yield from _against(shot, seen, stills)
        if shot.setup is not None and setups[shot.setup] >= _OF_A_SETUP:
            yield from _upright(desk, one.unit, (one.start, one.end), shot)
    units = {unit.original.digest if unit.original else unit.digest: unit for unit in desk.shoot.clips}
    for done, tried in enumerate(wanted):
        watch(f"attempt {tried.slate}", (len(shots) + done) / (len(shots) + len(wanted)))
        unit = units.get(tried.clip)
        middle = (tried.first_s + tried.last_s) / 2
        span = max(tried.in_s, middle - _GLIMPSE_S / 2), min(tried.out_s, middle + _GLIMPSE_S / 2)
        first, end = (int(moment * tried.rate) for moment in span)
        if unit is None or end <= first:
            continue
        try:
            yield from _about(tried.clip, f"try:{tried.name}@{tried.item}", _seen(desk, unit, (first, end)))
        except MediaError:
            continue


def _seen(desk: Desk, unit: Unit, span: tuple[int, int]) -> Stretch:
    """What is seen of a stretch of a clip, from the cache where it was looked at before.

    Raises: MediaError: there is no proxy, or it cannot be read.
    """
    from answerprint.media import MediaError, attending, faces

    params = {"span": list(span), "faces": faces.MODEL if faces.installed() else ""}
    kept = desk.production.cache.path(cache_key(task="critics", version=_LOOK, inputs=[unit.digest], params=params, decoder=decoder_version()), "seen.npz")
    if kept.is_file():
        try:
            return attending.read(kept.read_bytes())[0]
        except (OSError, MediaError, IndexError):
            kept.unlink(missing_ok=True)
    proxy = desk.shoot.plan.artefacts(unit, desk.production.cache).get("picture/proxy.mp4")
    if proxy is None or not proxy.is_file():
        raise MediaError(f"there is no proxy of {unit.file} to look at. Make it: answerprint prep FOLDER")
    found = attending.attend(proxy, [span])
    write_whole(kept, attending.written(found))
    return found[0]


# ---- one stretch


def _about(clip: Digest, key: str, seen: Stretch) -> Iterator[Fact]:
    """Faces where some were looked for; else, and besides, where there is something to look at."""
    values = dict(_face(seen)) if seen.faces is not None else {}
    if "subject across" not in values and not values.get("faces"):
        values |= dict(_subject(seen))
    for name, value in values.items():
        yield Fact(about=clip, name=f"{key} {name}", value=value if isinstance(value, int) else f"{value:.3f}", method=_HOW)


def _face(seen: Stretch) -> Iterator[tuple[str, Any]]:
    import numpy as np

    assert seen.faces is not None
    counts = [len(one) for one in seen.faces]
    yield "faces", round(float(np.median(counts)))
    largest = [(number, max(one, key=lambda face: face[2] * face[3])) for number, one in enumerate(seen.faces) if one]
    if len(largest) < _THERE * len(seen.faces):
        return
    rows = np.array([face for _, face in largest], np.float64)
    left, top, wide, high, looks = np.median(rows, axis=0).tolist()
    middles = rows[:, 0] + rows[:, 2] / 2
    yield "face height", high
    yield "headroom", max(0.0, top - _ABOVE * high)
    yield "face eyes", top + _EYES * high
    yield "subject across", left + wide / 2
    yield "subject down", top + high / 2
    yield "subject head", max(0.0, top - _ABOVE * high)
    yield "subject foot", min(1.0, top + high)
    if float(middles.std()) <= _STILL:
        yield "face middle", left + wide / 2
        yield "face looks", looks
        keys = [key for number, face in largest if (key := _key(seen.small[number], face)) is not None]
        if keys:
            yield "key stops", float(np.median(keys))


def _key(picture: Any, face: tuple[float, ...]) -> float | None:
    """How many stops brighter the left half of a face is than its right one; None where it is too small, or one half is black or clipped."""
    import numpy as np

    from answerprint.signal.colour import light

    high, wide = picture.shape[:2]
    left, right = face[0] * wide, (face[0] + face[2]) * wide
    top, bottom = int((face[1] + 0.25 * face[3]) * high), int((face[1] + 0.85 * face[3]) * high)  # from the brows to the mouth: neither hair nor beard
    middle = round((left + right) / 2)
    halves = [picture[max(0, top) : bottom, max(0, round(left)) : middle], picture[max(0, top) : bottom, middle : min(wide, round(right))]]
    if any(min(one.shape[:2]) < _HALF_PX for one in halves):
        return None
    levels = [float(light(one.astype(np.float64) / 255).mean()) for one in halves]
    if min(levels) < 0.002 or max(levels) > 0.9:
        return None
    return float(np.log2(levels[0] / levels[1]))


def _subject(seen: Stretch) -> Iterator[tuple[str, Any]]:
    """The place where most of what there is to see lies; nothing where it lies all over."""
    from answerprint.signal.attention import interest

    maps, _ = interest(seen.small)
    whole = maps.mean(axis=0)
    places = [_place(whole.sum(axis=1 - axis)) for axis in (1, 0)]
    if None not in places:
        yield "subject across", places[0]
        yield "subject down", places[1]
        yield from zip(("subject head", "subject foot"), _upright_of(seen.small, *places), strict=True)  # type: ignore[arg-type]


def _upright_of(pictures: Any, across: float, down: float) -> tuple[float, float]:
    """From where to where something stands at a place: as far up and down as contours run through the columns around it, and a row more.

    What stands still under what moves belongs to it: a cup that is poured into is the cup, down to its foot. The whole height where contours run on to the edges.
    """
    import numpy as np

    grey = np.median(pictures.astype(np.float32).mean(axis=3), axis=0)
    high, wide = (int(one) for one in grey.shape)
    sides = np.abs(grey[:, 2:] - grey[:, :-2])
    near = slice(max(0, round((across - _WINDOW) * wide) - 1), round((across + _WINDOW) * wide))
    runs = sides[:, near].max(axis=1) >= max(float(np.quantile(sides, _CONTOURS)), _FLAT)
    lost = round(_LOST * high)
    at = min(high - 1, int(down * high))

    def end(step: int) -> int:
        last = row = at
        while 0 <= row < high and abs(row - last) <= lost:
            last = row if runs[row] else last
            row += step
        return last

    return max(0, end(-1) - 1) / high, min(high, end(1) + 2) / high


def _place(profile: Any) -> float | None:
    import numpy as np

    at = (np.arange(profile.size) + 0.5) / profile.size
    middle = float(at[int(np.argmax(profile))])
    for _ in range(20):
        near = np.abs(at - middle) <= _WINDOW
        middle = float((at[near] * profile[near]).sum() / max(float(profile[near].sum()), 1e-9))
    return middle if float(profile[np.abs(at - middle) <= _WINDOW].sum()) >= _GATHERED * float(profile.sum()) else None


# ---- shots of one set-up


def _upright(desk: Desk, unit: Unit, span: tuple[int, int], shot: Shot) -> Iterator[Fact]:
    """How far a shot is tilted, where three of its pictures say the same."""
    import io

    import numpy as np
    from PIL import Image

    from answerprint.media.viewing import frame
    from answerprint.signal.upright import tilt

    moments = [span[0] + (span[1] - span[0]) * part // 6 for part in (1, 3, 5)]
    kept = desk.production.cache.path(cache_key(task="critics tilt", version=_LOOK, inputs=[unit.digest], params={"frames": moments}, decoder=decoder_version()), "tilt.json")
    if not kept.is_file():
        proxy = desk.shoot.plan.artefacts(unit, desk.production.cache).get("picture/proxy.mp4")
        if proxy is None or not proxy.is_file():
            return
        pictures = [np.asarray(Image.open(io.BytesIO(frame(proxy, moment, height=_TILT_PX))).convert("L"), np.float64) / 255 for moment in moments]
        found = [tilt(picture) for picture in pictures]
        write_whole(kept, json.dumps([one.degrees if one is not None else None for one in found]).encode())
    said = json.loads(kept.read_bytes())
    if None not in said and max(said) - min(said) <= _TILT_APART:
        yield Fact(about=shot.clip, name=f"cut:{shot.number} tilt", value=f"{float(np.median(said)):.2f}", method="standing and lying edges of three pictures, degrees; above 0 the right side hangs")


def _against(shot: Shot, seen: Stretch, stills: dict[str, tuple[int, Any]]) -> Iterator[Fact]:
    """What would bring a shot to the light of its set-up's first one in the film; nothing where the same things are not seen in both."""
    import numpy as np

    from answerprint.signal.colour import apart, still

    own = still(seen.small.astype(np.float64) / 255)
    number, first = stills.setdefault(str(shot.setup), (shot.number, own))
    if number == shot.number or first.shape != own.shape:
        return
    found = apart(first, own)
    if found is not None and found.how == "pixels":
        value = {"shot": number, "stops": [f"{one:.3f}" for one in found.stops]}
        yield Fact(about=shot.clip, name=f"cut:{shot.number} light against", value=value, method=f"gains of red, green and blue over {found.share:.0%} of what both show")
