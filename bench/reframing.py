"""How well frames of another shape are proposed: `python -m bench.reframing [FILE ...]`.

Without files: composed clips with a subject whose place is known. With files: real ones, each looked at whole; faces are looked for again in every
second frame, so that the figures are not the proposal's own. `--worth` tries other values of what a move has to gain.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from answerprint.media import attending, faces
from answerprint.media.container import opened
from answerprint.signal import operating
from answerprint.signal.attention import interest
from answerprint.signal.composing import Composed, Sight, compose
from answerprint.signal.picture import Watching, cuts

SHAPES = {"9:16": 9 / 16, "1:1": 1.0, "4:5": 4 / 5}
RATE, SIZE = 25, (320, 180)
LONGEST = 300  #: frames of a real clip


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A proposed way, frame by frame: middles in shares of the picture, and whether the frame is free across."""

    middles: NDArray[np.float64]
    across: bool
    window: float
    moves: int


def proposed(path: Path, spans: Sequence[tuple[int, int]], picture: float, shape: float, rate: float) -> tuple[Proposal, list[Composed]]:
    """What is proposed for a clip, one hold or move for each of its shots."""
    middles: list[float] = []
    every = []
    for one in attending.attend(path, spans):
        maps, motion = interest(one.small)
        made = compose(Sight(times_s=(one.frames - one.start) / rate, faces=one.faces, maps=maps, motion=motion), picture=picture, shape=shape)
        middles += [made.way.at((frame - one.start) / rate) for frame in range(one.start, one.end)]
        every.append(made)
    return Proposal(middles=np.array(middles), across=shape < picture, window=every[0].window, moves=sum(one.way.moves for one in every)), every


def smooth(way: Proposal, spans: Sequence[tuple[int, int]], picture: float, rate: float) -> tuple[float, float, int]:
    """Quickest speed in long sides a second, largest change of speed from frame to frame in long sides a second, and how often it turns round."""
    long_side = max(way.window, 1 / picture if way.across else picture)
    speed, jerk, turns = 0.0, 0.0, 0
    for start, end in spans:
        steps = np.diff(way.middles[start - spans[0][0] : end - spans[0][0]]) * rate / long_side
        if steps.size:
            speed = max(speed, float(np.abs(steps).max()))
            jerk = max(jerk, float(np.abs(np.diff(steps)).max(initial=0.0)))
            turns += int((np.diff(np.sign(steps[np.abs(steps) > 1e-9])) != 0).sum())
    return speed, jerk, turns


# ---- real clips


def real(path: Path, total: dict[str, list[tuple[int, int, int, int]]]) -> None:
    """Print a clip's shares, and add its counts: frames with a face, possible, whole as proposed, whole in the middle."""
    boxes: list[list[faces.Face]] = []
    seen = Watching()
    with opened(path) as container:
        stream = container.streams.video[0]
        rate = float(stream.average_rate or 25)
        picture = stream.width / stream.height
        for number, frame in enumerate(container.decode(stream)):
            if number == LONGEST:
                break
            small = frame.reformat(320, max(32, round(320 / picture / 2) * 2), format="yuv420p")
            seen.see(*(np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width] for plane in small.planes))
            boxes.append(faces.faces(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)) if number % 2 == 0 else [])
    edges = [0, *(one.frame for one in cuts(seen.finish())), len(boxes)]
    spans = [(start, end) for start, end in itertools.pairwise(edges) if end > start]
    for name, shape in SHAPES.items():
        if abs(shape / picture - 1) < 0.01:
            continue
        way, every = proposed(path, spans, picture, shape, rate)
        some = possible = whole = middle = 0
        for number, found in enumerate(boxes):
            if not found:
                continue
            ends = [(one.left, one.left + one.width) if way.across else (one.top, one.top + one.height) for one in found]
            low, high = max(0.0, min(end[0] for end in ends)), min(1.0, max(end[1] for end in ends))
            some += 1
            possible += high - low <= way.window
            whole += _holds(float(way.middles[number]), way.window, low, high)
            middle += _holds(0.5, way.window, low, high)
        speed, change, turns = smooth(way, spans, picture, rate)
        total.setdefault(name, []).append((some, possible, whole, middle))
        by = "/".join(dict.fromkeys(one.by for one in every))
        shares = f"faces in {some:3} frames, fit in {possible:3}: whole {whole:3} proposed, {middle:3} centre" if some else "no face"
        print(f"{path.name[:34]:<34} {name:>4} {by:<22} {shares:<68} {len(spans)} shots, {way.moves} move, {speed:.2f} a s, {change:.3f} change, {turns} turns")


def _holds(middle: float, window: float, low: float, high: float) -> bool:
    middle = min(max(middle, window / 2), 1 - window / 2)
    return middle - window / 2 - 0.002 <= low and high <= middle + window / 2 + 0.002


# ---- composed clips


def subject(at: Callable[[float], float], *, length_s: float, pan: float = 0.0, wide: float = 0.12) -> Callable[[Path], tuple[Path, NDArray[np.float64]]]:
    """A clip of a patch before a ground of leaves; `at` says where its middle is at a moment, in shares of the width. `pan`: widths a second that
    the camera goes."""

    def made(folder: Path) -> tuple[Path, NDArray[np.float64]]:
        rng = np.random.default_rng(7)
        count, (width, high) = round(length_s * RATE), SIZE
        ground = rng.integers(70, 150, (high // 6, (3 * width) // 6, 3)).repeat(6, axis=0).repeat(6, axis=1)
        places = np.array([at(number / RATE) for number in range(count)])
        file = folder / "composed.mp4"
        with av.open(str(file), "w") as out:
            stream = out.add_stream("libx264", rate=RATE, options={"crf": "18"})
            stream.width, stream.height, stream.pix_fmt = width, high, "yuv420p"
            for number in range(count):
                left = int(width / 2 + pan * width * number / RATE) % (2 * width)
                frame = np.roll(ground, -left, axis=1)[:high, :width].copy()
                x, half = round(places[number] * width), round(wide * width / 2)
                frame[high // 3 : high, max(0, x - half) : max(0, x + half)] = (205, 60, 50)
                frame[high // 4 : high // 3, max(0, x - half // 2) : max(0, x + half // 2)] = (220, 180, 160)
                noisy = np.clip(frame + rng.normal(0, 3, frame.shape), 0, 255).astype(np.uint8)
                for packet in stream.encode(av.VideoFrame.from_ndarray(noisy, format="rgb24")):
                    out.mux(packet)
            for packet in stream.encode(None):
                out.mux(packet)
        return file, places

    return made


#: name -> clip; how wide the patch is
COMPOSED = {
    "stands at the left third": subject(lambda t: 0.3 + 0.01 * np.sin(2 * t), length_s=4),
    "stands at the right edge": subject(lambda t: 0.9 + 0.008 * np.sin(3 * t), length_s=4),
    "walks across in 8 s": subject(lambda t: 0.1 + 0.1 * t, length_s=8),
    "walks back in 6 s": subject(lambda t: 0.9 - 0.8 * t / 6, length_s=6),
    "walks and stops": subject(lambda t: 0.15 + 0.6 * min(t / 4, 1.0), length_s=7),
    "starts late": subject(lambda t: 0.2 + 0.6 * min(max((t - 3) / 4, 0.0), 1.0), length_s=8),
    "stands, camera pans past": subject(lambda t: 0.8 - 0.08 * t, length_s=6, pan=0.08),
    "followed by the camera": subject(lambda t: 0.35 + 0.02 * np.sin(t), length_s=6, pan=0.2),
    "runs across in 2 s": subject(lambda t: 0.05 + 0.45 * t, length_s=2),
    "to and fro": subject(lambda t: 0.5 + 0.35 * np.sin(t * 2.1), length_s=6),
}


def composed(wide: float = 0.12) -> None:
    picture = SIZE[0] / SIZE[1]
    sums = [0, 0, 0]
    for name, clip in COMPOSED.items():
        with tempfile.TemporaryDirectory() as folder:
            file, places = clip(Path(folder))
            for shape_name, shape in SHAPES.items():
                way, _ = proposed(file, [(0, len(places))], picture, shape, RATE)
                window = way.window
                low, high = np.clip(places - wide / 2, 0, 1), np.clip(places + wide / 2, 0, 1)
                inside = np.array([_holds(float(m), window, lo, hi) for m, lo, hi in zip(way.middles, low, high, strict=True)])
                possible = best(places, wide, window, picture)
                centre = np.array([_holds(0.5, window, lo, hi) for lo, hi in zip(low, high, strict=True)])
                speed, change, turns = smooth(way, [(0, len(places))], picture, RATE)
                if possible >= 0.999:
                    sums = [sums[0] + inside.size, sums[1] + int(inside.sum()), sums[2] + int(centre.sum())]
                print(f"{name:<28} {shape_name:>4} whole {inside.mean():.3f} (centre {centre.mean():.3f}, best that one move can {possible:.3f}), "
                      f"{'moves' if way.moves else 'holds'}, {speed:.2f} long sides a s, {change:.3f} change, {turns} turns")  # fmt: skip
    print(f"where one hold or one move can hold it in every frame: {sums[1] / sums[0]:.4f} of {sums[0]} frames, centre {sums[2] / sums[0]:.4f}")


def best(places: NDArray[np.float64], wide: float, window: float, picture: float) -> float:
    """The share of frames in which the best hold or move of all, knowing the truth, holds the patch whole."""
    grid = np.linspace(window / 2, 1 - window / 2, 49)
    times = np.arange(0, places.size, 4) / RATE
    at = places[:: 4]
    low, high = np.clip(at - wide / 2, 0, 1), np.clip(at + wide / 2, 0, 1)
    cut = (grid[None] - window / 2 - 0.002 > low[:, None]) | (high[:, None] > grid[None] + window / 2 + 0.002)
    keep, operating.WORTH = operating.WORTH, 0.0
    hurry, operating._HURRY = operating._HURRY, 0.0
    try:
        way = operating.operate(cut.astype(float), grid, times, long_side=max(window, 1 / picture))
    finally:
        operating.WORTH, operating._HURRY = keep, hurry
    return 1 - way.cost


# ---- the detector's own


def scores(paths: Sequence[Path]) -> None:
    """For each clip the least and the largest of the best scores of every tenth frame: things against faces."""
    for path in paths:
        found = []
        with opened(path) as container:
            for number, frame in enumerate(container.decode(video=0)):
                if number % 10 == 0:
                    there = faces.faces(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), sure=0.3)
                    found.append(max((one.score for one in there), default=0.0))
                if number > LONGEST:
                    break
        print(f"{path.name[:40]:<40} surest of a frame: least {min(found):.2f}, middle {float(np.median(found)):.2f}, largest {max(found):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--worth", type=float, help="what a move has to gain, instead of the house's own value")
    parser.add_argument("--scores", action="store_true", help="the detector's scores, clip by clip")
    args = parser.parse_args()
    if args.worth is not None:
        operating.WORTH = args.worth
    if args.scores:
        scores(args.files)
    elif args.files:
        total: dict[str, list[tuple[int, int, int, int]]] = {}
        for path in args.files:
            real(path, total)
        for name, rows in total.items():
            some, possible, whole, middle = (sum(row[part] for row in rows) for part in range(4))
            if some:
                print(f"{name}: {some} frames with a face; all fit in {possible}; every face whole in {whole} ({whole / some:.3f}; of those that fit {whole / max(possible, 1):.3f}), "
                      f"centre crop {middle} ({middle / some:.3f})")  # fmt: skip
    else:
        composed()


if __name__ == "__main__":
    main()
