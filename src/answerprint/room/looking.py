"""One film, looked at for the Check page: the report, its pictures, its plots, its wave, and what a browser plays of it, in one folder."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.keep import write_whole

if TYPE_CHECKING:
    from answerprint.delivery.qc import Report

__all__ = ["COPY", "FOUND", "PAGE", "PEAKS", "PEAKS_HZ", "look", "picture_name"]

FOUND, PAGE, COPY, PEAKS = "found.json", "report.html", "film.mp4", "peaks.npy"
PEAKS_HZ = 100  #: columns of a wave a second, as QC's cells
_WIDE = 480  #: of a picture at a finding: two on each line of a phone, sharp
FORM = 1  #: of found.json


def picture_name(frame: int) -> str:
    """What a finding's picture is called."""
    return f"{frame}.jpg"


def look(file: Path, folder: Path, *, called: str, production: Path, spec: str, expected: str, told: Callable[[str, float], None]) -> None:
    """Examine a film and lay what was found into `folder`, which appears whole.

    Args:   called: its name on the page and in the report.  spec: what it was made for; "" for none.  expected: what the render says, as JSON; "" for nothing.
    Raises: MediaError, DeliveryError: it cannot be read, or is no film; SpecError; OSError: the disk is full.
    """
    from answerprint.delivery.qc import examine
    from answerprint.delivery.report import report_html
    from answerprint.delivery.specs import spec as spec_of
    from answerprint.delivery.watching import copied, plays
    from answerprint.model.delivery import Rendered
    from answerprint.model.records import from_plain

    asked = spec_of(spec, production) if spec else None
    rendered = from_plain(Rendered, json.loads(expected)) if expected else None
    told("check", 0.0)
    report = replace(examine(file, asked, expected=rendered, progress=lambda done: told("check", done)), file=called)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".part-") as part:
        home = Path(part) / "whole"
        home.mkdir()
        told("pictures", 0.0)
        pictures = _pictures(report, home)
        (home / PAGE).write_text(report_html(report), encoding="utf-8")
        _peaks(report, home)
        itself = plays(report.passed)
        if not itself:
            told("copy", 0.0)
            copied(report.passed, home / COPY, lambda done: told("copy", done))
        write_whole(home / FOUND, json.dumps(_found(report, itself, pictures), allow_nan=False).encode("utf-8"))
        shutil.rmtree(folder, ignore_errors=True)
        home.rename(folder)


def _pictures(report: Report, home: Path) -> list[int]:
    from answerprint.delivery.evidence import pictures

    numbers = []
    for number, raw in pictures(report, wide=_WIDE):
        (home / picture_name(number)).write_bytes(raw)
        numbers.append(number)
    return numbers


def _peaks(report: Report, home: Path) -> None:
    """Lowest and highest of each hundredth of a second, as for clips; nothing without sound."""
    import numpy as np

    heard = report.passed.heard
    if heard is None or not heard.peak.size:
        return
    high = np.clip(np.rint(heard.peak.max(axis=0) * 127), 0, 127).astype(np.int8)
    buffer = io.BytesIO()
    np.save(buffer, np.stack((-high, high), axis=1))
    (home / PEAKS).write_bytes(buffer.getvalue())


def _found(report: Report, itself: bool, pictures: list[int]) -> dict[str, Any]:
    """Everything that the page says, as plain values."""
    from answerprint.delivery.evidence import PLACES, frames_of
    from answerprint.delivery.plots import plots, share, struck
    from answerprint.delivery.report import report_json

    drawn = []
    for one in plots(report):
        plain: dict[str, Any] = asdict(one) | {"struck": list(struck(report, one))}
        plain["ticks"] = [(share(one, value), text) for value, text in one.ticks]
        plain["marks"] = [(share(one, value), text) for value, text in one.marks]
        plain["lines"] = [{"thin": line.thin, "points": [(round(x, 5), round(share(one, y), 4)) for x, y in line.points]} for line in one.lines]
        drawn.append(plain)
    rate = report.passed.rate
    return {
        "form": FORM, "itself": itself, "pictures": pictures, "report": report_json(report), "plots": drawn, "rate": (rate.numerator, rate.denominator),
        "timecode": report.timecode(0), "frames": report.passed.seen.frames,
        "shown": [[frames_of(report, place.first, place.end) for place in one.where[:PLACES]] for one in report.findings],
    }  # fmt: skip
