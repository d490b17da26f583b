"""The report as one page that stands alone: no script, nothing fetched. The machine's words in the sans under dots, a person's in the serif over their name."""

from __future__ import annotations

import unicodedata
from html import escape

from answerprint.delivery.easy.drawing import WIDE, Figure, figures, svg
from answerprint.delivery.easy.plates import DEFINITION
from answerprint.delivery.easy.records import Chose, Plate, Report
from answerprint.delivery.report_style import SHEET

__all__ = ["HEADINGS", "asked", "chose_words", "html"]

HEADINGS = {"palette": "Palette over time", "rhythm": "Rhythm", "music bed": "Music bed"}
_MORE = """\
.plateau { display: grid; grid-template-columns: 264px minmax(0, 1fr); gap: 24px 56px; padding: 32px 0 48px; border-top: 1px solid var(--ink); }
.plateau h2 { font: 600 14px/20px var(--sans); color: var(--soft); } .plateau .verdict { margin-top: 16px; } .side .machine { margin-top: 24px; }
svg { display: block; width: 100%; } svg rect { stroke: none; } .h72 { height: 72px; } .h160 { height: 160px; } .h32 { height: 32px; }
figure + figure { margin-top: 16px; } .over { font-size: 12px; line-height: 16px; color: var(--quiet); margin-bottom: 8px; }
.line { fill: none; stroke: var(--ink); stroke-width: 2; vector-effect: non-scaling-stroke; } .dots { fill: none; stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 2 4; vector-effect: non-scaling-stroke; }
.grid { fill: none; stroke: var(--hair); stroke-width: 1; vector-effect: non-scaling-stroke; }
.drawn { position: relative; } .below { position: relative; height: 20px; margin-top: 4px; } .below span, .left { position: absolute; font-size: 12px; line-height: 16px; color: var(--quiet); white-space: nowrap; }
.left { right: 100%; margin-right: 8px; transform: translateY(-50%); }
.bed { display: grid; grid-template-columns: 136px minmax(0, 1fr) 136px; gap: 16px; align-items: center; } figure.bed + figure.bed { margin-top: 4px; } .bed .over { margin: 0; font-size: 14px; line-height: 20px; } .bed .aside { font-size: 12px; color: var(--quiet); }
.ringed .over { color: var(--ink); font-weight: 600; } .ringed .over span { border: 2px solid var(--ink); border-radius: 50%; padding: 4px 12px; margin-left: -14px; }
.said { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 24px 48px; margin-top: 24px; } .person { font: 16px/24px var(--serif); } .who { font: italic 16px/24px var(--serif); color: var(--soft); } .who span { font: 12px/16px var(--sans); color: var(--quiet); font-style: normal; margin-left: 8px; }
details { margin-top: 24px; } summary { cursor: pointer; } summary:focus-visible { outline: 2px solid var(--ink); outline-offset: 3px; } .figures { margin-top: 8px; } .figures th { width: 45%; } .figures th, .figures td { border-top: 1px dotted var(--dots); padding: 4px 16px 4px 0; vertical-align: baseline; }
@media (max-width: 760px) { .plateau { grid-template-columns: minmax(0, 1fr); gap: 16px; padding: 24px 0 40px; } main { padding-left: 24px; padding-right: 16px; } .left { right: auto; left: 0; margin: 0; background: var(--paper); padding-right: 4px; } .bed { grid-template-columns: minmax(0, 1fr); gap: 4px; } figure.bed + figure.bed { margin-top: 16px; } .plateau .verdict { font-size: 20px; line-height: 28px; margin-top: 8px; } }
@media print { .plateau { grid-template-columns: 148px minmax(0, 1fr); gap: 16px 32px; break-inside: avoid; } .plateau .verdict { font-size: 14pt; line-height: 18pt; } rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def html(report: Report) -> str:
    """The whole page."""
    drawn = figures(report)
    plates = "".join(_plate(one, [figure for figure in drawn if figure.plate == one.name]) for one in report.plates)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(report.title)}: the easy choices</title><style>\n{SHEET}{_MORE}</style></head><body><main>"
        f'<header><p class="small">{_text(report.title)}, {_text(report.version)}, as it is cut in {_text(report.cut)}</p><h1>The easy choices</h1>'
        f'<p class="lede">Some choices come by themselves: the palette a picture falls into, the rhythm an assembly has, the first bed that fits. Here is how far this cut stands from them, who decided, and over what.</p>'
        f'<p class="small lede">{_text(DEFINITION)}</p></header>{plates}</main></body></html>\n'
    )


def asked(plate: Plate) -> str:
    """What the first thought has to do with it, in a sentence; "" where it says nothing of it, or is sealed."""
    return "" if plate.asked is None else "You asked for this." if plate.asked else "You did not ask for this."


def _plate(plate: Plate, drawn: list[Figure]) -> str:
    said = asked(plate)
    verdict = f'<p class="verdict">{_text(said or plate.verdict)}</p>' + (f'<p class="small">{_text(plate.verdict)}</p>' if said else "")
    lines = "".join(f"<li>{_text(one)}</li>" for one in (*plate.says, *plate.missing))
    facts = "".join(f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>' for name, value in plate.facts)
    people = [_person(f"“{plate.thought}”", plate.thought_by, "first thought, sealed before any picture")] if plate.thought else []
    people += [_chose(one) for one in plate.chose]
    return (
        f'<section class="plateau"><div class="side"><h2>{HEADINGS[plate.name]}</h2>{verdict}<ul class="machine">{lines}</ul></div><div>{"".join(map(_figure, drawn))}'
        + (f'<div class="said">{"".join(people)}</div>' if people else "") + (f'<details><summary class="small">The figures</summary><table class="figures"><tbody>{facts}</tbody></table></details>' if facts else "") + "</div></section>\n"
    )  # fmt: skip


def _chose(one: Chose) -> str:
    return _person(one.because, one.by, chose_words(one))


def chose_words(one: Chose) -> str:
    """What stands beside somebody's name: what they decided, over how much, how much of it they played."""
    over = f"over {one.over} other{'s' if one.over != 1 else ''}" if one.over else "nothing lay beside it"
    said = f"decided the {one.judgment}: {one.what}" if one.signed else f"chose the {one.judgment}, not signed yet: {one.what}"
    return ", ".join(filter(None, (said, over, one.played or "", "" if one.because else "no reason given")))


def _person(words: str, name: str, under: str) -> str:
    spoken = f'<p class="person" dir="auto">{_text(words)}</p>' if words else ""
    return f'<div>{spoken}<p class="who"><bdi>{_text(name)}</bdi><span>{_text(under)}</span></p></div>'


def _figure(one: Figure) -> str:
    left = "".join(f'<span class="left" style="top:{100 * tick.at / one.tall:.1f}%">{_text(tick.text)}</span>' for tick in one.ticks if tick.left)
    below = "".join(f'<span style="left:{100 * tick.at / WIDE:.1f}%">{_text(tick.text)}</span>' for tick in one.ticks if not tick.left)
    over = f'<p class="over"><span>{_text(one.name)}</span></p>' if one.name else ""
    field = f'<div class="drawn">{svg(one)}{left}</div>'
    says = f'<figcaption class="small">{_text(one.says)}</figcaption>' if one.says else ""
    if one.plate == "music bed":
        kind = "bed ringed" if one.ringed else "bed"
        return f'<figure class="{kind}">{over}{field}<span class="aside">{_text(one.aside)}</span></figure>{says}'
    return f"<figure>{over}{field}" + (f'<div class="below">{below}</div>' if below else "") + f"{says}</figure>"


def _text(words: str) -> str:
    return escape("".join(char if char.isprintable() and unicodedata.category(char) != "Cf" else " " for char in words))
