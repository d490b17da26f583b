"""Slate: what the board in the picture says, where a clip begins and ends and where the sticks clap, and when it leaves the picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.model.attempts import Reading
from answerprint.model.charter import Execution
from answerprint.model.extend import Input, Task, Work
from answerprint.model.records import Fact, to_plain

if TYPE_CHECKING:
    from answerprint.script.boards import Board, Written

WITHOUT = 'the board in the picture was not read: pip install "answerprint[vision]" adds scene, take and roll from it, and when it leaves the picture'
HEAD_S, TAIL_S = (0.3, 1.2, 2.5, 4.5, 7.5), (0.4, 1.5, 3.5)  #: looked at: after the first picture, before the last
BEFORE_CLAP_S, CLAPS = 0.3, 4  #: before a clap a board is held still; the first claps of a clip are looked at

_STAYS_S, _STEP_S = 8.0, 0.5  # nobody holds a board longer once it is clapped; it is looked for twice a second
_CALM_S = 0.2  # the picture is calm again when it moves no more than later on for five pictures at 24 a second
_APART_S = 3.0  # two boards of one clip are further apart; the same one is held up longer than that only before its clap
_LAST_S = 6.0  # a board this near the end, and none before, is a tail slate that nobody turned over
_SAME = 2.0  # mean difference of two small pictures, 8-bit codes: grain and the codec stay below 1.5
_LINES, _LEFT = 3, 0.4  # a board has three lines or nobody reads it; it has left with six tenths of them
_PX, _NEAR_PX, _SMALL_PX = 1280, 320, 96
_SIZES = (600, 480)  # of the long side of a board as it is read
_METHOD = "text in pictures of the proxy; a board by at least two of its own words"


@dataclass
class _Seen:
    """A board while it is being read."""

    frame: int
    board: Board
    written: list[Written]
    box: tuple[int, int, int, int]
    count: int  # lines found where it was found
    turned: bool  # held upside down
    tail: bool = False
    in_frame: int | None = None
    out_frame: int | None = None


@dataclass
class _Film:
    """The pictures of a proxy, each decoded once."""

    proxy: Path
    rate: Fraction
    frames: int
    kept: dict[int, Any] = field(default_factory=dict)

    def picture(self, number: int) -> Any:
        """8-bit light, shape (h, w); None where there is none."""
        from answerprint.media.light import light

        if number not in self.kept:
            inside = 0 <= number < self.frames
            pictures = list(light(self.proxy, number, number + 1, rate=self.rate, long_px=_PX)) if inside else []
            self.kept[number] = pictures[0] if pictures else None
        return self.kept[number]

    def at(self, second: float) -> int:
        return min(self.frames - 1, max(0, round(second * float(self.rate))))


def run(work: Work) -> Iterable[Fact]:
    """Facts: `slate.seen`, boards in order: [{"at_s", "tail", "upside_down", "in_s", "out_s", "readings": [plain Reading], "text": [[line,
    score]]}], where `out_s` is when a head board has left the picture and `in_s` when a tail board comes into it (None where that was not
    seen); `slate.unread`, a sentence, where the extra `vision` is not installed. No board is an empty list.
    """
    clip = work.subject
    assert clip is not None
    proxy, shown = clip.artefacts.get("picture/proxy.mp4"), clip.facts["picture"].value("proxy")
    seen: list[_Seen] = []
    if proxy is not None and shown is not None and work.params.get("vision"):
        film = _Film(proxy, Fraction(shown["rate"]), int(shown["frames"]))
        seen = _boards(film, _moments(clip, film), work)
        bare = not _claps(clip, film)  # an attempt begins with its call or its clap, where there is one
        for one in seen:
            if bare:
                _stay(one, film, clip)
        rate = film.rate
        yield Fact(about=clip.digest, name="slate.seen", value=[_plain(one, float(rate)) for one in seen], method=_METHOD)
        return
    yield Fact(about=clip.digest, name="slate.seen", value=[], method=_METHOD)
    if not work.params.get("vision"):
        yield Fact(about=clip.digest, name="slate.unread", value=WITHOUT, method="no reader installed")


def _plain(one: _Seen, rate: float) -> dict[str, Any]:
    at_s = round(one.frame / rate, 3)
    return {
        "at_s": at_s, "tail": one.tail, "upside_down": one.turned, "in_s": None if one.in_frame is None else round(one.in_frame / rate, 3),
        "out_s": None if one.out_frame is None else round(one.out_frame / rate, 3),
        "readings": to_plain(_readings(one, at_s)), "text": [[line.text, round(line.score, 2)] for line in one.written],
    }  # fmt: skip


def _readings(one: _Seen, at_s: float) -> list[Reading]:
    board = one.board
    common: dict[str, Any] = {"source": "slate picture", "at_s": at_s}
    said = (("scene", board.scene), ("slate", board.slate), ("take", None if board.take is None else str(board.take)), ("roll", board.roll))
    found = [Reading(what=what, value=value, measure=board.measures.get(what), **common) for what, value in said if value]  # type: ignore[arg-type]
    flags = (("tail slate", one.tail, "held upside down" if one.turned else ""), ("MOS", board.mos, ""), ("pickup", board.pickup, ""), ("series", board.series, ""))
    return found + [Reading(what=what, value="yes", measure=how or None, **common) for what, is_so, how in flags if is_so]  # type: ignore[arg-type]


# ---- where to look


def _moments(clip: Input, film: _Film) -> list[list[int]]:
    """The pictures that are looked at: the head's, one before each clap, the tail's from its end. One board of the head or tail is enough."""
    length_s = film.frames / float(film.rate)
    head = [at for at in HEAD_S if at < length_s / 2]
    tail = [length_s - back for back in TAIL_S if back < length_s / 2]
    groups = [head, *([max(0.0, at - BEFORE_CLAP_S)] for at in _claps(clip, film)[:CLAPS]), tail]
    return [list(dict.fromkeys(film.at(at) for at in group)) for group in groups]


def _claps(clip: Input, film: _Film) -> list[float]:
    """Claps that were seen, and those that were only heard, in seconds, in order."""
    seen = [one["seen_frame"] / float(film.rate) for one in clip.facts["claps"].value("claps", [])] if "claps" in clip.facts else []
    return sorted([*seen, *(one for one in _heard(clip) if all(abs(one - other) > 1 for other in seen))])


def _heard(clip: Input) -> list[float]:
    """Claps in the camera's own sound, in seconds."""
    path = clip.artefacts.get("picture/sound.npy")
    if path is None:
        return []
    import numpy as np

    from answerprint.signal.claps import claps

    return [one.at_s for one in claps(np.asarray(np.load(path, mmap_mode="r"), np.float32) / 32768, rate_hz=48_000)]


def _boards(film: _Film, groups: Sequence[Sequence[int]], work: Work) -> list[_Seen]:
    """Every board in those pictures, each read once; pictures that look like one without a board are passed over."""
    found: list[_Seen] = []
    empty: list[Any] = []
    for done, group in enumerate(groups):
        work.progress(done / len(groups))
        for frame in group:
            if any(abs(frame - one.frame) < _APART_S * film.rate for one in found):
                break
            one = _looked_at(film, frame, empty)
            if one is not None:
                near_end = film.frames - frame < _LAST_S * float(film.rate) and frame > film.frames / 2
                one.tail = one.turned or one.board.tail or (near_end and not found)
                found.append(one)
                break
    return sorted(found, key=lambda one: one.frame)


def _looked_at(film: _Film, frame: int, empty: list[Any]) -> _Seen | None:
    import numpy as np

    picture = film.picture(frame)
    if picture is None:
        return None
    small = _small(picture)
    if any(float(np.abs(small - other).mean()) < _SAME for other in empty):
        return None
    one = _read(film, frame, late=frame > film.frames / 3)
    if one is None:
        empty.append(small)
    return one


def _small(picture: Any) -> Any:
    import numpy as np

    step = max(1, picture.shape[1] // _SMALL_PX)
    high, wide = picture.shape[0] // step, picture.shape[1] // step
    return picture[: high * step, : wide * step].reshape(high, step, wide, step).mean(axis=(1, 3)).astype(np.float32)


# ---- reading one


def _read(film: _Film, frame: int, *, late: bool) -> _Seen | None:
    """The board at one place, from two pictures at two sizes; where those differ or leave something out, from two more.

    The edge of a cell beside a figure is a 1 in one picture and not in another, so one picture alone is no reading.
    """
    from answerprint.script.boards import agreed

    first = _read_once(film, frame, _SIZES[0], late=late)
    if first is None:
        return None
    found = [first]
    for back, size in ((0.3, _SIZES[1]), (-0.3, _SIZES[0]), (0.6, _SIZES[1])):
        if len(found) > 1 and _same_name([one.board for one in found]):
            break
        other = min(film.frames - 1, max(0, frame + round(back * film.rate)))
        again = _read_once(film, other, size, turned=first.turned) or _read_once(film, frame, size, turned=first.turned)
        if again is not None:
            found.append(again)
    return replace(first, board=agreed([one.board for one in found]), written=max(found, key=lambda one: len(one.written)).written)


def _same_name(boards: Sequence[Board]) -> bool:
    """Whether they all say the same, and all that a take is called by."""
    names = {(one.scene, one.slate, one.take, one.roll) for one in boards}
    return len(names) == 1 and all(one.take is not None and (one.scene or one.slate) for one in boards)


def _read_once(film: _Film, frame: int, size: int, *, late: bool = False, turned: bool = False) -> _Seen | None:
    """The board in one picture, enlarged to `size`; held upside down where `turned`, or also so where it may be a tail slate."""
    import numpy as np

    from answerprint.media import ocr
    from answerprint.script.boards import board

    picture = film.picture(frame)
    if picture is None:
        return None
    lines = _together(ocr.lines(picture))
    if len(lines) < _LINES:
        return None
    box = _around(lines, picture.shape)
    part = _enlarged(picture[box[1] : box[3], box[0] : box[2]], size)
    found = []
    for over in (False, True) if late else (turned,):
        written = _written(ocr.text(np.ascontiguousarray(part[::-1, ::-1]) if over else part))
        says = board(written)
        if says is not None:
            found.append(_Seen(frame=frame, board=says, written=written, box=box, count=len(lines), turned=over))
    return max(found, key=_legible, default=None)


def _legible(one: _Seen) -> tuple[bool, float]:
    """A board that is upside down is read too, as rubbish: the right way up names more, in surer characters."""
    return one.board.names, sum(line.score for line in one.written) / len(one.written)


def _written(rows: Sequence[tuple[str, Any, float]]) -> list[Written]:
    from answerprint.script.boards import Written

    return [Written(text=says, corners=corners, score=score) for says, corners, score in rows]


def _together(lines: Sequence[Any]) -> list[Any]:
    """The largest group of lines that stand near each other: a board, not a sign beside it."""
    boxes = [(min(x for x, _ in one), min(y for _, y in one), max(x for x, _ in one), max(y for _, y in one)) for one in lines]
    highs = sorted(box[3] - box[1] for box in boxes)
    reach = 3 * highs[len(highs) // 2] if highs else 0.0
    left, best = set(range(len(boxes))), list[int]()
    while left:
        group = [left.pop()]
        for at in group:
            near = {n for n in left if _gap(boxes[at], boxes[n]) <= reach}
            left -= near
            group += near
        best = max(best, group, key=len)
    return [lines[n] for n in best]


def _gap(one: Sequence[float], other: Sequence[float]) -> float:
    return max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3], 0.0)


def _around(lines: Sequence[Any], shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """The group with a quarter more to every side: (x0, y0, x1, y1) within the picture."""
    xs, ys = [x for one in lines for x, _ in one], [y for one in lines for _, y in one]
    wide, high = (max(xs) - min(xs)) / 4, (max(ys) - min(ys)) / 4
    return max(0, int(min(xs) - wide)), max(0, int(min(ys) - high)), min(shape[1], int(max(xs) + wide) + 1), min(shape[0], int(max(ys) + high) + 1)


def _enlarged(part: Any, long_px: int) -> Any:
    """A small board three times as large at the most: letters of ten pixels are read better at thirty."""
    import numpy as np
    from PIL import Image

    times = min(3.0, long_px / max(part.shape))
    if times <= 1:
        return np.ascontiguousarray(part)
    return np.asarray(Image.fromarray(part).resize((round(part.shape[1] * times), round(part.shape[0] * times)), Image.Resampling.BICUBIC))


# ---- when it leaves


def _stay(one: _Seen, film: _Film, clip: Input) -> None:
    """When a head board has left the picture, or a tail board comes into it: by its lines, then by the motion of hands around that."""
    way = -1 if one.tail else 1
    step = max(1, round(_STEP_S * film.rate))
    there, gone = one.frame, None
    while gone is None:
        after = there + way * step
        if not 0 <= after < film.frames or abs(after - one.frame) > _STAYS_S * film.rate:
            return
        if _there(one, film, after):
            there = after
        elif _there(one, film, after + way * step):  # a hand before it, or the sticks as they close
            there = after + way * step
        else:
            gone = after
    while abs(gone - there) > 1:
        middle = (there + gone) // 2
        there, gone = (middle, gone) if _there(one, film, middle) else (there, middle)
    calm = _calm(clip, gone, way, film)
    if one.tail:
        one.in_frame = calm + 1
    else:
        one.out_frame = calm


def _there(one: _Seen, film: _Film, frame: int) -> bool:
    """Whether the board's lines still stand about where they stood; it may sink or turn by half its size."""
    import numpy as np

    from answerprint.media import ocr

    picture = film.picture(frame)
    if picture is None:
        return False
    x0, y0, x1, y1 = one.box
    wide, high = (x1 - x0) // 2, (y1 - y0) // 2
    part = picture[max(0, y0 - high) : y1 + high, max(0, x0 - wide) : x1 + wide]
    return len(ocr.lines(np.ascontiguousarray(part), long_px=_NEAR_PX)) >= max(2, _LEFT * one.count)


def _calm(clip: Input, frame: int, way: int, film: _Film) -> int:
    """From `frame` on (or back), the first picture after which nothing moves more than in the seconds beyond; `frame` where that never comes."""
    import numpy as np

    path = clip.artefacts.get("picture/series.npz")
    if path is None:
        return frame
    rate = float(film.rate)
    with np.load(path) as series:
        motion = series["motion"].astype(float)[::way]
    at = frame if way > 0 else len(motion) - 1 - frame
    beyond = motion[at + round(rate) : at + round(3 * rate)]
    if not len(beyond):
        return frame
    still = motion[at : at + round(2 * rate)] <= 2 * np.median(beyond) + 10
    run = max(1, round(_CALM_S * rate))
    for n in range(len(still) - run):
        if still[n : n + run].all():
            return frame + way * n
    return frame


task = Task(
    name="slate",
    execution=Execution.ATTEMPTS,
    version=1,
    run=run,
    each="clip",
    after=("ingest", "picture", "claps"),
    params=("vision",),
    says="reading slates",
)
