"""What the machine critics say about real cuts, and whether any of it would be true of another.

    python -m bench.critics SPOT CUTS.tsv      # SPOT: a prepared production whose clips the table names; nothing is written into it but cuts/ideas/ and the record
    python -m bench.critics                    # composed films only

Every finished film in the table is laid as a cut of its own shots; and eight more cuts are made of stretches of all clips, drawn by lot with fixed seeds. Each idea is moved onto every other cut: how many still hold by all their facts, and
how many by what was measured alone (how the cut is laid left out).
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio

from answerprint.critiquing import working
from answerprint.critiquing.gathering import gather
from answerprint.desk import Desk
from answerprint.model.ideas import Case, Idea
from answerprint.spot import Spot
from answerprint.spot import open as opened
from answerprint.timeline.cut import CutInfo, at, attach, file_url, know_media, reference, start_and_length

LAID = ("uses", "item", "scene", "setup", "hero", "lies")


def main(arguments: Sequence[str]) -> int:
    cases = real(opened(arguments[0]), Path(arguments[1])) if len(arguments) > 1 else {}
    cases |= {f"composed {seed}": composed(seed) for seed in range(1, 13)}
    found: list[tuple[str, Idea]] = []
    for name, case in cases.items():
        start = time.perf_counter()
        ideas = [idea for critic in working.known().values() for idea in critic.run(case)]
        found += [(name, idea) for idea in ideas]
        away = [one.away for one in ideas if one.critic in ("dp", "editor")]
        print(f"{name}: {len(case.shots)} shots, {len(case.known.facts)} facts, {len(ideas)} ideas in {time.perf_counter() - start:.2f} s; dp and editor: {sum(away)} of {len(away)} away from the usual")
        if not name.startswith("composed"):
            for idea in ideas:
                print(f"    {idea.critic} {idea.on}: {idea.text}")
    whole = measured = swaps = 0
    for name, idea in found:
        for other, case in cases.items():
            if other != name:
                lacks = set(case.lacks(idea))
                names = {one.name for one in idea.facts if not one.name.endswith(LAID)}
                swaps += 1
                whole += not lacks
                measured += bool(names) and not names & lacks
    print(f"{len(found)} ideas, {swaps} times on another cut: {whole} still true; by what was measured alone: {measured}")
    return 1 if whole else 0


def real(spot: Spot, table: Path) -> dict[str, Case]:
    """A case for each film of the table that is a clip of the production."""
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()[1:], delimiter="\t"))
    units = {Path(unit.file).name: unit for unit in Desk(spot).shoot.clips}
    named: list[str] = []
    for file, frames, *_ in rows:
        unit = units.get(Path(file).name)
        if unit is None or unit.info.video is None:
            continue
        last = unit.info.video.frames or int(unit.info.video.duration_s * unit.info.video.rate)
        edges = [0, *(int(one) for one in frames.split() if int(one) < last), last]
        named.append(Path(file).stem)
        write(spot, named[-1], [(unit, Fraction(first) / unit.info.video.rate, Fraction(end - first) / unit.info.video.rate) for first, end in pairwise(edges)], unit.info.video.rate)
    for seed in range(1, 9):
        named.append(f"lot {seed}")
        write(spot, named[-1], drawn(list(units.values()), seed), Fraction(25))
    lines = ["version,of,differs,cut"] + [f"{name},{named[0] if number else ''},{'cut-down' if number else ''},cuts/{name}.otio" for number, name in enumerate(named)]
    (spot.path / "versions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    desk = Desk(opened(spot.path))
    found = {}
    for name in named:
        start = time.perf_counter()
        found[name] = gather(desk, name)
        print(f"{name}: looked at and listened to in {time.perf_counter() - start:.1f} s")
    return found


def drawn(units: Sequence[Any], seed: int) -> list[tuple[Any, Fraction, Fraction]]:
    """Ten stretches of a second and a half, each from any clip with picture."""
    lot = np.random.default_rng(seed)
    able = [unit for unit in units if unit.info.video is not None and unit.info.video.duration_s > 4]
    rows = []
    for _ in range(10):
        unit = able[int(lot.integers(len(able)))]
        rate = unit.info.video.rate
        rows.append((unit, Fraction(int(lot.integers(int((unit.info.video.duration_s - 3) * rate)))) / rate, Fraction(3, 2)))
    return rows


def write(spot: Spot, name: str, rows: Sequence[tuple[Any, Fraction, Fraction]], rate: Fraction) -> None:
    tracks = [otio.schema.Track("V1", kind="Video"), otio.schema.Track("A1", kind="Audio")]
    for unit, start, length in rows:
        whole = start_and_length(unit.info)
        for track in tracks:
            media = know_media(unit.info, file=unit.file, digest=unit.digest)
            clip = otio.schema.Clip(name=name, media_reference=reference(media, whole, url=file_url(unit.path)))
            clip.source_range = otio.opentime.TimeRange(at(whole.start_s + start, unit.info.video.rate), at(Fraction(round(length * rate)) / rate, rate))
            track.append(clip)
    timeline = otio.schema.Timeline(name=name, tracks=tracks)
    attach(timeline, CutInfo(rate=rate))
    (spot.path / "cuts").mkdir(exist_ok=True)
    otio.adapters.write_to_file(timeline, str(spot.path / "cuts" / f"{name}.otio"))


def composed(seed: int) -> Case:
    """A film with something measured of each shot."""
    from tests.critics.test_laws import film

    return film(seed, np.random.default_rng(seed).uniform).case


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
