"""The machine's share against the truth: random edit histories through every format, and how long 2,000 shots take.

    python -m bench.share [--histories 500]

The truth is counted frame by frame from the first and the last state of each history. A format that cannot hold a gesture (a nested cut in
an EDL) is tried on histories without it. The reader's source positions may stand on another origin: only names and ranges count.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import replace
from fractions import Fraction
from typing import Any

from answerprint.timeline.formats.edl import format as edl
from answerprint.timeline.formats.fcpxml import format as fcpxml
from answerprint.timeline.formats.otio import format as otio
from answerprint.timeline.formats.xmeml import format as xmeml
from answerprint.timeline.share import share
from tests.timeline.histories import Event, assembly, lived, points, timeline, truth

#: (format, gestures beside those of a plain cut that it can hold)
FORMATS: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (otio, "cut.otio", ("retime", "nest")), (fcpxml, "cut.fcpxml", ("retime", "nest")), (xmeml, "cut.xml", ("retime", "nest")), (edl, "cut.edl", ("retime",)),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=500)
    args = parser.parse_args()
    for program, name, also in FORMATS:
        wrong = {"running time": 0, "cut points": 0, "sound": 0}
        lost: dict[str, int] = {}
        for seed in range(args.histories):
            rng = random.Random(seed)
            first = assembly(rng)
            cut = lived(rng, first, rng.randrange(1, 10), also=also)
            heard = lived(rng, first, rng.randrange(0, 3), also=()) if program is not edl else None  # J and L cuts: the sound lives by itself
            made = timeline(cut, heard)
            raw, losses = program.write(made, {})
            for loss in losses:
                lost[loss.says.split(":")[0][:70]] = lost.get(loss.says.split(":")[0][:70], 0) + 1
            back = program.read(raw, {"name": name, "rate": Fraction(25)})[0][0]
            found = share(back, timeline(first, first if heard is not None else None))
            wrong["running time"] += found.picture.running_time != truth(cut, first)
            wrong["cut points"] += found.picture.cut_points != points(cut, first)
            if heard is not None:
                wrong["sound"] += found.sound.running_time != truth(heard, first)
        says = ", ".join(f"{what} wrong {count}" for what, count in wrong.items())
        print(f"{program.name:8} {args.histories} histories: {says}" + (f"; lost by the format: {lost}" if lost else ""))
    first = assembly(random.Random(1))
    same, rebuilt = share(timeline(first), timeline(first)).picture, share(timeline([replace(one, name=f"B{n}") for n, one in enumerate(first)]), timeline(first)).picture
    print(f"identity {same.running_time} {same.cut_points} {same.chosen}; rebuilt {rebuilt.running_time} {rebuilt.cut_points} {rebuilt.chosen}")
    rng = random.Random(5)
    long = assembly(rng, 2000)
    for what, cut in (("another life of it", lived(rng, long, 400, also=())), ("the same take 2,000 times over", [Event(name="A", start=20, length=20)] * 2000)):
        one, other = timeline(cut), timeline(long if what.startswith("another") else cut)
        start = time.process_time()
        share(one, other)
        print(f"2,000 shots, {what}: {time.process_time() - start:.2f} s of processor time")


if __name__ == "__main__":
    main()
