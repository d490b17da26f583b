"""The QC report: one HTML page that stands alone, with the frames of each finding and two plots; and the same as JSON."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from io import BytesIO
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from answerprint.delivery.qc.records import BEST_WORDS, Report
from answerprint.delivery.report_style import SHEET
from answerprint.media.container import opened, reading
from answerprint.model.delivery import Finding

__all__ = ["report_html", "report_json"]

_FORM = 1  #: of the JSON
_WIDE = 320  #: of a picture on the page
_PLACES, _PICTURES = 4, 48  #: places shown of one finding; pictures on a page
_POINTS = 500  #: of a plot's line: each is the lowest and highest of its stretch
#: Findings that are marked on the plot of loudness; the others are marked on that of luma.
_HEARD = {
    "sound", "sound hole", "start", "length", "silent", "loudness", "true peak", "short-term loudness", "dead air", "dead channel", "offset", "click", "clipping",
    "drop-out", "level jump", "phase", "mono", "edge silence",
}  # fmt: skip
_SAYS = {
    "FAIL": "FAIL: it does not leave like this.",
    "WARN": "WARN: a person looks at it, and signs a note that says why it stays.",
    "note": "note: to know.",
}


def report_json(report: Report) -> dict[str, Any]:
    """The report for other programs: plain values; frames count from the file's first, half-open."""
    heard, spec = report.passed.heard, report.spec
    return {
        "form": _FORM,
        "file": report.file,
        "spec": None if spec is None else {"name": spec.name, "title": spec.title, "dated": spec.dated, "source": spec.source},
        "verdict": report.verdict,
        "rate": str(report.passed.rate),
        "frames": report.passed.seen.frames,
        "film": {"first": report.passed.film.first, "end": report.passed.film.end},
        "loudness": None if heard is None else {key: round(value, 2) for key, value in heard.measure._asdict().items()},
        "findings": [
            {
                "check": one.check, "weight": one.weight, "says": one.says, "measured": one.measured, "allowed": one.allowed, "source": one.source,
                "where": [{"first": place.first, "end": place.end, "timecode": report.timecode(place.first)} for place in one.where],
            }
            for one in report.findings
        ],
        "facts": dict(report.facts),
        "unchecked": list(report.unchecked),
    }  # fmt: skip


def report_html(report: Report) -> str:
    """The report as a page that opens anywhere: no script, nothing fetched."""
    pictures = _pictures(report)
    weights = [weight for weight in ("FAIL", "WARN", "note") if any(one.weight == weight for one in report.findings)]
    key = "".join(f"<li>{_text(_SAYS[weight])}</li>" for weight in weights)
    spec = report.spec
    against = f"Held against {spec.title}, as we read its source on {spec.dated}." if spec else "No spec was named: looked at for what is wrong with any film."
    head = f'<header><p class="small">Technical QC</p><h1>{_breaking(report.file)}</h1><p class="verdict">{_text(_sentence(report))}</p><p class="lede">{_text(against)}</p>'
    head += f'<ul class="machine">{key}</ul></header>' if key else "</header>"
    found = "".join(_finding(report, one, pictures) for one in report.findings)
    facts = "".join(f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in report.facts)
    parts = [
        head,
        _plate("Findings", found),
        _plate("Loudness", _loudness(report)),
        _plate("Luma", _luma(report)),
        _plate("What it is", f'<table class="facts">{facts}</table>'),
        _plate("Not checked", f'<ul class="machine">{"".join(f"<li>{_text(line)}</li>" for line in report.unchecked)}</ul>'),
    ]
    if spec is not None:
        parts.append(_plate("The spec's source", f'<p class="small">{_text(spec.source)}</p>'))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(report.file)}: technical QC</title><style>\n{SHEET}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def _sentence(report: Report) -> str:
    if report.verdict == BEST_WORDS:
        return BEST_WORDS[0].upper() + BEST_WORDS[1:] + "."
    return report.verdict + "."


def _text(words: str) -> str:
    """Words from a file, made safe: nothing without a shape, nothing that turns the direction of writing."""
    return escape("".join(char if char.isprintable() and unicodedata.category(char) != "Cf" else " " for char in words))


def _breaking(name: str) -> str:
    """A file's name that may break where its parts meet."""
    return "<wbr>".join(_text(part) for part in re.findall(r"[^_.-]+[_-]*|[_.-]+[^_.-]*", name))


def _plate(heading: str, inside: str) -> str:
    return f'<section class="plate"><h2>{_text(heading)}</h2><div>{inside}</div></section>\n' if inside else ""


def _finding(report: Report, one: Finding, pictures: dict[int, str]) -> str:
    rows = [f'<p class="says"><b class="{one.weight}">{one.weight}</b> <span class="check">{_text(one.check)}</span></p><p>{_text(one.says[0].upper() + one.says[1:])}.</p>']
    measured = [f"measured {one.measured}" if one.measured else "", f"asked for {one.allowed}" if one.allowed else ""]
    if any(measured):
        rows.append(f'<p class="small">{_text("; ".join(part for part in measured if part))}</p>')
    if one.source:
        rows.append(f'<p class="tiny">{_text(one.source)}</p>')
    shown = []
    for place in one.where[:_PLACES]:
        frames = [frame for frame in _frames_of(report, place.first, place.end) if frame in pictures]
        span = report.timecode(place.first) + (f", {place.end - place.first} frames" if place.end - place.first > 1 else "")
        figures = "".join(
            f'<figure><img src="{pictures[frame]}" alt="the picture at {report.timecode(frame)}"><figcaption>frame {frame}</figcaption></figure>' for frame in frames
        )
        shown.append(f'<li><p class="type">{_text(span)}</p>{f"<div class=strip>{figures}</div>" if figures else ""}</li>')
    more = len(one.where) - _PLACES
    if shown:
        rows.append(f'<ul class="places">{"".join(shown)}</ul>' + (f'<p class="tiny">and {more} more places, in the JSON</p>' if more > 0 else ""))
    return f'<article class="finding">{"".join(rows)}</article>'


def _frames_of(report: Report, first: int, end: int) -> list[int]:
    """The frames that show a place: the one before, the first, and the one after; of a long stretch its first, middle and last."""
    last = report.passed.seen.frames - 1
    chosen = (first - 1, first, end) if end - first <= 3 else (first, (first + end) // 2, end - 1)
    return sorted({min(max(0, frame), last) for frame in chosen})


def _pictures(report: Report) -> dict[int, str]:
    """The frames of all findings as data URLs, by number."""
    wanted: list[int] = []
    for one in report.findings:
        for place in one.where[:_PLACES]:
            wanted += [frame for frame in _frames_of(report, place.first, place.end) if frame not in wanted]
    numbers = sorted(wanted[:_PICTURES])
    found: dict[int, str] = {}
    stamps = report.passed.seen.pts
    video = report.passed.info.video
    if not numbers or video is None:
        return found
    with opened(report.passed.path) as container, reading(report.passed.path):
        stream = container.streams[video.index]
        assert isinstance(stream, av.VideoStream)
        stream.thread_type = "AUTO"
        for number in numbers:
            stamp = stamps[number]
            if stamp is None:
                continue
            try:
                container.seek(stamp, stream=stream)
                frame = next((one for one in container.decode(stream) if one.pts is not None and one.pts >= stamp), None)
            except av.FFmpegError:
                continue
            if frame is not None:
                found[number] = _jpeg(frame, video.sar)
    return found


def _jpeg(frame: av.VideoFrame, sar: Fraction) -> str:
    tall = max(2, round(_WIDE * frame.height / (frame.width * float(sar))))
    picture = Image.fromarray(frame.reformat(_WIDE, tall, format="rgb24", interpolation="AREA").to_ndarray())
    out = BytesIO()
    picture.save(out, "JPEG", quality=74)
    return "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")


# ---- plots


def _loudness(report: Report) -> str:
    heard = report.passed.heard
    if heard is None or not heard.momentary.size:
        return ""
    asked = report.spec.sound.loudness if report.spec and report.spec.sound else None
    low, high = -60.0, max(0.0, float(heard.momentary.max()) + 3)
    # a value over the last 3 s means something once 3 s have passed
    lines = [("thin", np.clip(heard.momentary, low, None)), ("", np.concatenate([np.full(29, np.nan), np.clip(heard.short_term[29:], low, None)])[: heard.momentary.size])]
    marks = [(asked.target_lufs, f"{asked.target_lufs:.0f} asked for")] if asked else [(heard.measure.integrated_lufs, f"{heard.measure.integrated_lufs:.1f} measured")]
    ticks = [(value, f"{value:.0f}") for value in (-50.0, -40.0, -30.0, -20.0, -10.0, 0.0)]
    says = "The strong line is the loudness of the last 3 s, the thin one of the last 0.4 s. Look for a strong line that wanders far from the dashed one, and for holes in the thin one. What was found lies along the foot."
    axis = _Axis(low=low, high=high, ticks=ticks, marks=marks, unit="LUFS")
    return _plot(report, lines, axis, len(heard.momentary) / 10) + f'<p class="small">{_text(says)}</p>'


def _luma(report: Report) -> str:
    seen = report.passed.seen
    lines = [("thin", seen.luma_high), ("", seen.series.values["luma"] / 10), ("thin", seen.luma_low)]
    ticks = [(0.0, "0"), (50.0, "50"), (100.0, "100")]
    says = "The strong line is the picture's mean, the thin ones its darkest and brightest thousandth; 0 is black and 100 is white. Look for thin lines that lie long beyond the dashed ones, and for a mean that jumps to 0. What was found lies along the foot."
    marks = [(-5.0, ""), (105.0, "R 103")]
    axis = _Axis(low=-10.0, high=112.0, ticks=ticks, marks=marks, unit="% of white")
    return _plot(report, lines, axis, report.passed.length_s) + f'<p class="small">{_text(says)}</p>'


@dataclass(frozen=True, kw_only=True)
class _Axis:
    """A plot's height: its reach, its quiet lines, its dashed ones, its unit."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    marks: Sequence[tuple[float, str]]
    unit: str


def _plot(report: Report, lines: Sequence[tuple[str, NDArray[Any]]], axis: _Axis, length_s: float) -> str:
    """Lines over time. The drawing stretches with the page; its lettering does not."""
    low, high, ticks, marks, unit = axis.low, axis.high, axis.ticks, axis.marks, axis.unit

    def down(value: float) -> float:
        return 100 * (high - value) / (high - low)

    drawn = []
    times = report.passed.times
    for one in report.findings:
        if one.weight != "note" and (one.check in _HEARD) == (unit == "LUFS"):
            drawn += [
                f'<rect class="{one.weight}" x="{1000 * times[place.first] / length_s:.1f}" y="97" '
                f'width="{max(2.0, 1000 * (times[min(place.end, len(times) - 1)] - times[place.first]) / length_s):.1f}" height="3"/>'
                for place in one.where[:_PLACES]
            ]
    drawn += [f'<path class="grid" d="M0 {down(value):.2f}H1000"/>' for value, _ in ticks]
    drawn += [f'<path class="mark" d="M0 {down(value):.2f}H1000"/>' for value, _ in marks]
    for name, values in lines:
        points = [(x, y) for x, y in _thinned(values) if not np.isnan(y)]
        if not points:
            continue
        drawn.append(f'<path class="line {name}" d="M{"L".join(f"{1000 * x:.1f} {down(y):.2f}" for x, y in points)}"/>')
    labels = [f'<span class="tick" style="top:{down(value):.2f}%">{text}</span>' for value, text in ticks]
    labels += [f'<span class="asked" style="top:{down(value):.2f}%">{_text(text)}</span>' for value, text in marks if text]
    step = next((one for one in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600) if length_s / one <= 6), 7200)
    seconds = [f'<span style="left:{100 * at / length_s:.2f}%">{at} s</span>' for at in range(0, int(length_s) + 1, step) if at / length_s <= 0.96]
    return (
        f'<div class="plot"><p class="unit">{_text(unit)}</p><div class="field"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="{_text(unit)} over time">'
        f'{"".join(drawn)}</svg>{"".join(labels)}</div><div class="seconds">{"".join(seconds)}</div></div>'
    )


def _thinned(values: NDArray[Any]) -> list[tuple[float, float]]:
    """(share of the width, value): all of a short line, else the lowest and highest of each stretch."""
    count = len(values)
    if count <= 2 * _POINTS or np.isnan(values).any():
        return [((number + 0.5) / count, float(value)) for number, value in enumerate(values)]
    points = []
    for number, part in enumerate(np.array_split(np.asarray(values, np.float64), _POINTS)):
        pair = (part.min(), part.max()) if part[0] <= part[-1] else (part.max(), part.min())
        points += [((number + 0.25) / _POINTS, float(pair[0])), ((number + 0.75) / _POINTS, float(pair[1]))]
    return points
