"""How well QC finds what is wrong: `python -m bench.qc [FILE ...]`. Planted faults, clean films, and files of your own with every alarm."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from answerprint.delivery.qc import Report, examine
from tests.delivery.films import write
from tests.delivery.planted import CLEAN, FAULTS, Fault


def found(report: Report, fault: Fault) -> bool:
    """Whether the right check said it, as gravely as it should, at the right frame."""
    said = [one for one in report.findings if (one.check, one.weight) == (fault.check, fault.weight)]
    if fault.at is None:
        return bool(said)
    return any(place.first - 1 <= fault.at <= place.end for one in said for place in one.where)


def besides(report: Report, fault: Fault) -> list[str]:
    return sorted({one.check for one in report.findings if one.weight != "note"} - {fault.check})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    for path in args.files:
        begun = time.perf_counter()
        report = examine(path, None)
        print(f"{path.name}: {report.verdict} ({time.perf_counter() - begun:.1f} s for {report.passed.length_s:.1f} s)")
        for one in report.findings:
            print(f"    {one.weight} {one.check}: {one.says} ({one.measured}) {[(place.first, place.end) for place in one.where]}")
    if args.files:
        return
    missed, alarms, begun = 0, 0, time.perf_counter()
    for number, fault in enumerate(FAULTS):
        with tempfile.TemporaryDirectory() as folder:
            report = examine(write(fault.film, Path(folder)), fault.spec)
        hit = found(report, fault)
        missed += not hit
        also = besides(report, fault)
        print(f"{number:2} {'found ' if hit else 'MISSED'} {fault.weight} {fault.check:<20} {fault.name}" + (f"   also: {', '.join(also)}" if also else ""))
    for name, film, spec in CLEAN:
        with tempfile.TemporaryDirectory() as folder:
            report = examine(write(film, Path(folder)), spec)
        wrong = [one for one in report.findings if one.weight != "note"]
        alarms += bool(wrong)
        print(f"{'ALARM' if wrong else 'clean'} {name}" + "".join(f"\n      {one.weight} {one.check}: {one.says} ({one.measured})" for one in wrong))
    print(f"{len(FAULTS) - missed} of {len(FAULTS)} faults found; {alarms} alarms on {len(CLEAN)} clean films; {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
