"""The QC report: one HTML page that stands alone, with the frames of each finding and two plots; and the same as JSON."""

from __future__ import annotations

import base64
import re
import unicodedata
from html import escape
from typing import Any

from answerprint.delivery.evidence import PLACES, frames_of, pictures
from answerprint.delivery.plots import Plot, plots, share, struck
from answerprint.delivery.qc.records import BEST_WORDS, Report
from answerprint.delivery.report_style import SHEET
from answerprint.model.delivery import Finding

__all__ = ["report_html", "report_json"]

_FORM = 1  #: of the JSON
_WIDE = 320  #: of a picture on the page
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
    shown = {number: "data:image/jpeg;base64," + base64.b64encode(raw).decode("ascii") for number, raw in pictures(report, wide=_WIDE)}
    weights = [weight for weight in ("FAIL", "WARN", "note") if any(one.weight == weight for one in report.findings)]
    key = "".join(f"<li>{_text(_SAYS[weight])}</li>" for weight in weights)
    spec = report.spec
    against = f"Held against {spec.title}, as we read its source on {spec.dated}." if spec else "No spec was named: looked at for what is wrong with any film."
    head = f'<header><p class="small">Technical QC</p><h1>{_breaking(report.file)}</h1><p class="verdict">{_text(_sentence(report))}</p><p class="lede">{_text(against)}</p>'
    head += f'<ul class="machine">{key}</ul></header>' if key else "</header>"
    found = "".join(_finding(report, one, shown) for one in report.findings)
    facts = "".join(f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in report.facts)
    parts = [
        head,
        _plate("Findings", found),
        *(_plate(one.name, _plot(report, one)) for one in plots(report)),
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


def _finding(report: Report, one: Finding, images: dict[int, str]) -> str:
    rows = [f'<p class="says"><b class="{one.weight}">{one.weight}</b> <span class="check">{_text(one.check)}</span></p><p>{_text(one.says[0].upper() + one.says[1:])}.</p>']
    measured = [f"measured {one.measured}" if one.measured else "", f"asked for {one.allowed}" if one.allowed else ""]
    if any(measured):
        rows.append(f'<p class="small">{_text("; ".join(part for part in measured if part))}</p>')
    if one.source:
        rows.append(f'<p class="tiny">{_text(one.source)}</p>')
    shown = []
    for place in one.where[:PLACES]:
        frames = [frame for frame in frames_of(report, place.first, place.end) if frame in images]
        span = report.timecode(place.first) + (f", {place.end - place.first} frames" if place.end - place.first > 1 else "")
        figures = "".join(
            f'<figure><img src="{images[frame]}" alt="the picture at {report.timecode(frame)}"><figcaption>frame {frame}</figcaption></figure>' for frame in frames
        )
        shown.append(f'<li><p class="type">{_text(span)}</p>{f"<div class=strip>{figures}</div>" if figures else ""}</li>')
    more = len(one.where) - PLACES
    if shown:
        rows.append(f'<ul class="places">{"".join(shown)}</ul>' + (f'<p class="tiny">and {more} more places, in the JSON</p>' if more > 0 else ""))
    return f'<article class="finding">{"".join(rows)}</article>'


# ---- plots


def _plot(report: Report, plot: Plot) -> str:
    """Lines over time. The drawing stretches with the page; its lettering does not."""

    def down(value: float) -> float:
        return 100 * share(plot, value)

    length_s, unit = plot.length_s, plot.unit
    drawn = [f'<rect class="{weight}" x="{1000 * at:.1f}" y="97" width="{1000 * wide:.1f}" height="3"/>' for weight, at, wide in struck(report, plot)]
    drawn += [f'<path class="grid" d="M0 {down(value):.2f}H1000"/>' for value, _ in plot.ticks]
    drawn += [f'<path class="mark" d="M0 {down(value):.2f}H1000"/>' for value, _ in plot.marks]
    for line in plot.lines:
        points = "L".join(f"{1000 * x:.1f} {down(y):.2f}" for x, y in line.points)
        drawn.append(f'<path class="line {"thin" if line.thin else ""}" d="M{points}"/>')
    labels = [f'<span class="tick" style="top:{down(value):.2f}%">{text}</span>' for value, text in plot.ticks]
    labels += [f'<span class="asked" style="top:{down(value):.2f}%">{_text(text)}</span>' for value, text in plot.marks if text]
    step = next((one for one in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600) if length_s / one <= 6), 7200)
    seconds = [f'<span style="left:{100 * at / length_s:.2f}%">{at} s</span>' for at in range(0, int(length_s) + 1, step) if at / length_s <= 0.96]
    return (
        f'<div class="plot"><p class="unit">{_text(unit)}</p><div class="field"><svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label="{_text(unit)} over time">'
        f'{"".join(drawn)}</svg>{"".join(labels)}</div><div class="seconds">{"".join(seconds)}</div></div><p class="small">{_text(plot.says)}</p>'
    )
