"""The library's figures: python -m bench.library --keyframes | --shots 1000000 | --descriptions FOLDER

--keyframes   makes a clip of 1080p H.264 with two seconds between key frames, and says how much faster than it plays its picture index is made.
--shots N     makes an index of N shots whose words are a classifier's, asks it, and holds what it finds against reckoning all of them.
--descriptions FOLDER [--others FOLDER]   asks for the clips of a folder by descriptions.tsv (file, description) and lists what was not among the first three.
--held FOLDER   asks for shots and stills below a folder by descriptions_held.tsv, to which next to nothing was fitted (docs/library.md). Names of files are not looked at.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from answerprint.library import facts, meaning, tagging
from answerprint.library.columns import COLUMNS, Hit
from answerprint.library.finding import find
from answerprint.library.index import Index
from answerprint.library.pictures import shots
from answerprint.library.reading import passes_here, read

RATE, SECONDS, SHOT_S = 25, 40, 5
CROWD = {"promo_echo_kinetic_type.webm", "autoeditor_example_tc.mp4", "classic.png"}
ASKED = (
    "rain on a window before sunrise, no people", "a dog in a garden", "water bottles on a table", "red sports car at night", "a white parrot indoors", "an espresso, close",
    "a lake with mountains", "a guitar player on a stage", "an old church", "fish in a coral reef", "a sailing boat on the sea", "a train crossing a viaduct", "strawberries in a bowl",
    "somebody types on a keyboard", "a lighthouse on a cliff, still camera", "a bakery with bread", "a soccer ball on grass", "a tabby cat on a sofa", "a desk lamp", "a violin, close-up",
    "vertical, a mobile phone in a hand", "bees on a daisy", "a pizza", "wide shot of a volcano", "geese on a lake", "a mountain bike", "a snow plough", "a wedding gown", "an umbrella", "a fire engine",
    "a red wine glass", "a lion in dry grass", "an elephant", "a suspension bridge, blue", "a ski slope", "a coffee mug, warm", "a clock on a wall", "a typewriter", "a barn, no people", "a beach, bright",
)  # fmt: skip


def keyframes() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.mp4"
        made(path)
        for number in range(3):
            began, wall = time.process_time(), time.perf_counter()
            found = shots(path, duration_s=Fraction(SECONDS))
            used, passed = time.process_time() - began, time.perf_counter() - wall
            print(f"picture index of {SECONDS} s 1080p H.264, 2 s between key frames, {path.stat().st_size * 8 / SECONDS / 1e6:.0f} Mb/s: {len(found)} shots, {SECONDS / used:.1f} x real time per core ({SECONDS / passed:.1f} by the clock), run {number + 1}")
        began = time.process_time()
        whole = read(path, want=frozenset({"picture"}))
        print(f"with motion, colours and frames to look at: {SECONDS / (time.process_time() - began):.1f} x real time per core, {len(whole.shots)} shots")
        began = time.process_time()
        read(path)
        print(f"all passes ({', '.join(sorted(passes_here()))}): {SECONDS / (time.process_time() - began):.1f} x real time per core")


def made(path: Path) -> None:
    """Eight shots of five seconds: a texture that pans, with grain, a new one after each cut. No key frame at a cut."""
    rng = np.random.default_rng(8)
    grain = rng.normal(0, 3, (6, 1080, 1920)).astype(np.float32)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "g": str(2 * RATE), "keyint_min": str(2 * RATE), "sc_threshold": "0", "b": "12M"})
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        for number in range(SECONDS * RATE):
            if number % (SHOT_S * RATE) == 0:
                fields = rng.uniform(30, 220, (14, 26)).astype(np.float32)
                wall = np.kron(fields, np.ones((90, 90), np.float32))
                tint = rng.integers(90, 166, 2)
            step = number % (SHOT_S * RATE)
            luma = np.clip(wall[step // 2 : step // 2 + 1080, step : step + 1920] + grain[number % 6], 16, 235).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(np.concatenate([luma.reshape(-1), np.full(1920 * 1080 // 4, tint[0], np.uint8), np.full(1920 * 1080 // 4, tint[1], np.uint8)]).reshape(1620, 1920), "yuv420p")
            for packet in stream.encode(frame):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)


def million(count: int, folder: Path | None) -> None:
    with tempfile.TemporaryDirectory() as scrap, Index((folder or Path(scrap)) / f"shots-{count}") as index:
        if not len(index.columns()):
            fill(index, count)
        size = sum(one.stat().st_size for one in index.home.iterdir())
        print(f"{count} shots: {size / 2**30:.2f} GiB on disk, {size / count:.0f} bytes a shot")
        find(index, ASKED[0])  # the model is loaded once in a session; its first question takes half a second longer
        times, used, recalls = [], [], []
        for text in ASKED * 3:
            began, worked = time.perf_counter(), time.thread_time()
            found = find(index, text)
            index.hits(found.rows[:24])
            times.append(time.perf_counter() - began)
            used.append(time.thread_time() - worked)
        for text in ASKED:
            vector = meaning.embedded([facts.asked(text).rest])[0]
            exact = index.vectors["words"].exact(vector)
            near = index.vectors["words"].near(vector)
            tenth = np.partition(exact, -10)[-10]
            recalls.append(min(10, int((near.cosines >= tenth - 1e-6).sum())) / 10)
        p50, p95, most = np.percentile(times, (50, 95, 100)) * 1000
        print(f"{len(times)} questions, the words' embedding and 24 shots read from disk included: median {p50:.0f} ms, p95 {p95:.0f} ms, longest {most:.0f} ms by the clock; median {np.median(used) * 1000:.0f} ms, p95 {np.percentile(used, 95) * 1000:.0f} ms of one core ({os.getloadavg()[0]:.1f} processes wanted the machine's {os.cpu_count()})")
        print(f"recall@10 against reckoning all of them: mean {np.mean(recalls):.3f}, least {min(recalls):.1f}")
        print(f"memory at the most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


def fill(index: Index, count: int) -> None:
    """Shots with five classes each, in shares as a classifier gives them, and facts drawn by lot."""
    rng = np.random.default_rng(3)
    names = tagging.words()
    means = meaning.embedded(names)
    bits = [1 << place for place in range(len(facts.WORDS))]
    for first in range(0, count, 50_000):
        part = min(50_000, count - first)
        classes, shares = rng.integers(0, len(names), (part, 5)), rng.dirichlet([0.6] * 5, part).astype(np.float32)
        vectors = np.einsum("nk,nkd->nd", shares, means[classes]) + rng.normal(0, 0.01, (part, means.shape[1])).astype(np.float32)
        columns = np.zeros(part, COLUMNS)
        drawn = rng.random((part, len(bits))) < 0.15
        columns["bits"] = drawn @ np.array(bits, np.uint64)
        columns["rate"], columns["length"] = rng.choice([23.976, 24, 25, 29.97, 50], part), rng.exponential(6, part) + 0.5
        columns["width"], columns["height"] = 1920, 1080
        says = [" ".join(names[one] for one in row) for row in classes]
        with index.writing():
            index.fill(columns, {"words": vectors, "look": rng.normal(0, 1, (part, 128)).astype(np.float32)}, says)
    with index.writing():
        index.add_root("/")


def descriptions(folder: Path, others: list[Path], *, named: bool) -> None:
    lines = [line.split("\t") for line in (Path(__file__).parent / "descriptions.tsv").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    with tempfile.TemporaryDirectory() as scrap, Index(Path(scrap)) as index:
        files = [path for place in (folder, *others) for path in sorted(place.rglob("*")) if path.suffix in (".mp4", ".mov", ".mpg")]
        for path in files:
            found = read(path, named=named)
            with index.writing():
                index.place(str(path), "/", index.add_file(str(path), found.info, found.passes, found.shots), 1, 1)
        missed, left_out = [], 0
        for file, text in lines:
            found_now = find(index, text)
            rows = found_now.rows
            hits = {hit.n: Path(hit.path).name for hit in index.hits(rows)}
            near = [value for row, value in zip(rows, found_now.nearness, strict=True) if hits[row] == file]
            left_out += not near or near[0] < found_now.nearness[0] / 2
            order = list(dict.fromkeys(hits[row] for row in rows))
            if file not in order[:3]:
                missed.append((file, text, order.index(file) + 1 if file in order else 0))
        print(f"{len(lines) - len(missed)} of {len(lines)} descriptions had their clip among the first three of {len(files)} files" + ("" if named else ", names of files not looked at") + f"; {left_out} lay less than half as near as the nearest, and are not shown")
        for file, text, place in missed:
            print(f"  missed: {text!r} ({file}, {'place ' + str(place) if place else 'not found'})")


def held(folder: Path) -> None:
    """Files that nobody describes, CROWD, lie between them. Shots of one stretch that is described count as one place."""
    lines = []
    for line in (Path(__file__).parent / "descriptions_held.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            file, spans, text, also = [*line.split("\t"), ""][:4]
            lines.append((file, tuple(tuple(map(float, one.split("-"))) for one in spans.split(",") if one), text, also.removeprefix("also ").split()))
    wanted = {file for file, *_ in lines} | {file for *_, also in lines for file in also} | CROWD
    paths = {path.name: path for path in sorted(folder.rglob("*"), reverse=True) if path.name in wanted}
    described = {(file, stretches) for file, stretches, *_ in lines}
    with tempfile.TemporaryDirectory() as scrap, Index(Path(scrap)) as index:
        for path in paths.values():
            found = read(path, named=False)
            with index.writing():
                index.place(str(path), "/", index.add_file(str(path), found.info, found.passes, found.shots), 1, 1)

        def place(hit: Hit) -> tuple[str, object]:
            name, middle = Path(hit.path).name, float(hit.in_s + hit.out_s) / 2
            return name, next((stretches for file, stretches in described if file == name and any(first <= middle <= last for first, last in stretches)), hit.number)

        ranks = []
        for file, stretches, text, others in lines:
            rows = find(index, text).rows
            hits = {hit.n: hit for hit in index.hits(rows)}
            order = list(dict.fromkeys(place(hits[row]) for row in rows))
            ranks.append(next((number for number, one in enumerate(order, 1) if one == (file, stretches) or (not stretches and one[0] == file) or one[0] in others), 0))
        first = sum(0 < rank <= 3 for rank in ranks)
        print(f"{first} of {len(lines)} descriptions of {len(paths)} files, names not looked at, had theirs among the first three; mean of 1 / place {np.mean([1 / rank if rank else 0 for rank in ranks]):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keyframes", action="store_true")
    parser.add_argument("--shots", type=int)
    parser.add_argument("--folder", type=Path, help="where the index of --shots is kept for the next time")
    parser.add_argument("--descriptions", type=Path)
    parser.add_argument("--others", type=Path, action="append", default=[])
    parser.add_argument("--held", type=Path)
    args = parser.parse_args()
    if args.keyframes:
        keyframes()
    if args.shots:
        million(args.shots, args.folder)
    if args.descriptions:
        descriptions(args.descriptions, args.others, named=True)
        descriptions(args.descriptions, args.others, named=False)
    if args.held:
        held(args.held)


if __name__ == "__main__":
    main()
