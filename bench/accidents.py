"""How many planted accidents are found, how many findings are planted: on composed shoots, at three a minute and in the five-minute reel.

    python -m bench.accidents [--seeds 7-12] [--cache FOLDER] [--show] [--all]

Every seed is a shoot of six set-ups of five attempts with thirteen accidents (bench/accident_scenes.py): the task itself runs on proxies, series,
sound, words and lining as prep would give them. Thresholds were set on seeds 1 to 6; docs/accidents.md says which others were unseen. An accident is found where a finding of its kind
lies over it by a fifth of the shorter of the two, or within a second for those of words. The two-hour day is the seeds one after another, again and again.
Ends with 1 where a goal is missed. `--show` names what was missed and what was found that nobody planted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from answerprint.accidents import budgeted, excerpts
from answerprint.model.accidents import KINDS, Accident
from answerprint.model.extend import Work
from answerprint.model.records import from_plain
from answerprint.tasks import accidents as task
from bench.accident_scenes import Planted, compose

RECALL, RECALL_KIND, RECALL_REEL, PRECISION, DAY_S = 0.9, 0.75, 0.6, 0.5, 7200.0


def over(one: Accident, plant: Planted, *, kinds: bool = True) -> bool:
    """Whether a finding speaks of what was planted."""
    if one.clip != plant.clip or (kinds and one.kind != plant.kind):
        return False
    common = min(one.out_s, plant.out_s) - max(one.in_s, plant.in_s)
    return common >= 0.2 * min(one.out_s - one.in_s, plant.out_s - plant.in_s)


def searched(folder: Path, seed: int) -> tuple[list[Accident], list[Planted], float, float]:
    """Findings, plants, seconds of picture, seconds that the finder took."""
    clips, shoot, planted, length_s = compose(folder / str(seed), seed)
    began = time.perf_counter()
    facts = list(task.run(Work(subject=None, clips=clips, sounds=(), params={}, scratch=folder, shoot=shoot)))
    took_s = time.perf_counter() - began
    rows = [from_plain(Accident, one) for one in facts[0].value]
    return [replace(one, clip=f"{seed}/{one.clip}") for one in rows], [replace(one, clip=f"{seed}/{one.clip}") for one in planted], length_s, took_s


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="7-12")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    first, _, last = args.seeds.partition("-")
    rows: list[Accident] = []
    planted: list[Planted] = []
    shown: list[Accident] = []
    whole_s = took_s = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for seed in range(int(first), int(last or first) + 1):
            found, plants, length_s, took = searched(args.cache or Path(scratch), seed)
            rows, planted, whole_s, took_s = rows + found, planted + plants, whole_s + length_s, took_s + took
            shown += budgeted(found, length_s).shown
    hit = [plant for plant in planted if any(over(one, plant) for one in shown)]
    right = [one for one in shown if any(over(one, plant, kinds=False) for plant in planted)]
    print(f"{whole_s / 60:.1f} min, {len(planted)} planted ({len(planted) / whole_s * 60:.2f} a minute), {len(rows)} found, {len(shown)} within three a minute; {took_s / whole_s:.4f} of real time")
    kinds = {}
    for kind in KINDS:
        of = [plant for plant in planted if plant.kind == kind]
        got = sum(plant.kind == kind for plant in hit)
        kinds[kind] = got / len(of) if of else 1.0
        of_kind = [one for one in shown if one.kind == kind]
        print(f"  {kind:14} {got:2d} of {len(of):2d}   {sum(one in right for one in of_kind):3d} of {len(of_kind):3d} findings planted")
    day, day_planted, at = list[Accident](), list[Planted](), 0
    while at * whole_s < DAY_S:
        day += [replace(one, clip=f"{at}/{one.clip}", file=f"{at}/{one.file}") for one in rows]
        day_planted += [replace(one, clip=f"{at}/{one.clip}") for one in planted]
        at += 1
    day_s = at * whole_s
    chosen, left = excerpts(day, day_s)
    seen = [replace(one.accident, in_s=one.in_s, out_s=one.out_s) for one in chosen]
    in_reel = sum(any(over(one, plant) for one in seen) for plant in day_planted)
    figures = {
        "recall at three a minute": (len(hit) / len(planted), RECALL), "least recall of a kind": (min(kinds.values()), RECALL_KIND),
        "recall within the reel": (in_reel / len(day_planted), RECALL_REEL), "precision at the budget": (len(right) / max(1, len(shown)), PRECISION),
    }  # fmt: skip
    print(f"  reel: {sum(one.out_s - one.in_s for one in chosen):.0f} s of a day of {day_s / 60:.0f} min, {len(chosen)} in it, {left} not in it")
    for name, (value, goal) in figures.items():
        print(f"{name:26} {value:.3f}   (goal {goal}){'' if value >= goal else '   MISSED'}")
    if args.show:
        for plant in planted:
            if plant not in hit:
                also = [f"{one.kind} {one.evidence}" for one in rows if one.clip == plant.clip]
                print(f"  missed {plant.kind} in {plant.clip} {plant.in_s:.1f} - {plant.out_s:.1f} s; found there: {also}")
        kinds_of = {plant.clip: plant.kind for plant in planted}
        for one in shown:
            if one not in right:
                print(f"  not planted: {one.kind} in {one.clip} (planted {kinds_of.get(one.clip, 'nothing')}) {one.in_s:.1f} - {one.out_s:.1f} s: {one.evidence} [{one.apart}]")
        print(Counter(one.kind for one in rows))
    return int(any(value < goal for value, goal in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
