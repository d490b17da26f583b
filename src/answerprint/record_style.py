"""How the record's page looks and what it is made of: light paper, neutral greys; a person in the serif over their name, the machine in
the sans under dots. Whatever somebody else wrote goes through `text`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from answerprint.book import Current, Line
from answerprint.chronicle import day
from answerprint.delivery.paper_style import PAPER
from answerprint.model.judgments import CutSeal

__all__ = ["SHEET", "count", "cuts", "items", "machine", "name", "person", "plate", "sign", "text"]

_MARKS = 4  #: on one letter; Vietnamese has two, pointed Hebrew three
_CROSSING = "\u200c\u200d"  # joiners that some scripts are written with; every other sign without a shape goes

SHEET = PAPER + """\
h3 { font: 600 14px/20px var(--sans); color: var(--soft); margin-bottom: 8px; }
ul, ol { list-style: none; }
a { color: inherit; text-decoration-color: var(--dots); text-underline-offset: 3px; }
a:focus-visible { outline: 2px solid var(--ink); outline-offset: 3px; }
.small { font-size: 14px; line-height: 20px; color: var(--soft); }
.tiny { font-size: 12px; line-height: 16px; color: var(--quiet); }
.lede { max-width: 64ch; margin-top: 16px; color: var(--soft); }
.type { font: 14px/20px var(--type); }
header { padding-bottom: 56px; }
.how { display: grid; grid-template-columns: 1fr 1fr; gap: 0 56px; margin-top: 40px; max-width: 800px; align-items: start; }

/* who says it */
.machine { font: 14px/20px var(--sans); color: var(--soft); border-top: 1px dotted var(--dots); padding-top: 8px; }
.machine li + li { margin-top: 4px; }
.person { font: 16px/24px var(--serif); white-space: pre-line; }
.large { font-size: 20px; line-height: 28px; }
.sign { margin-top: 4px; }
.sign cite { font: italic 16px/24px var(--serif); color: var(--soft); margin-right: 8px; }
.sign.full cite { font-size: 20px; line-height: 28px; color: var(--ink); }
bdi { unicode-bidi: isolate; }

/* plates */
.plate { display: grid; grid-template-columns: 264px minmax(0, 1fr); gap: 24px 56px; padding: 32px 0 56px; border-top: 1px solid var(--ink); }
.side > * + * { margin-top: 8px; } .side .machine { margin-top: 24px; }
.item + .item, .gesture + .gesture { margin-top: 40px; }
.thread { margin: 16px 0 0 24px; padding-left: 24px; border-left: 1px solid var(--hair); }
.mark { position: relative; padding-left: 20px; }
.mark::before { content: ""; position: absolute; left: 0; top: 7px; width: 11px; height: 11px; border-radius: 50%; background: var(--act); border: 1px solid #00000059; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.mark.stop::before { background: var(--stop); border-color: var(--stop); border-radius: 0; }
.choices > li { display: grid; grid-template-columns: 120px minmax(0, 1fr) minmax(0, 1fr); gap: 0 24px; padding: 8px 0; border-top: 1px solid var(--hair); align-items: baseline; }
.choices > li:first-child { border-top: 0; padding-top: 0; }
.choices b { font-weight: 600; } .choices .tiny { display: block; }
.choices .gone { color: var(--quiet); } .gone b { font-weight: 400; text-decoration: line-through; text-decoration-thickness: 1px; }
.choices + .sign { border-top: 1px solid var(--hair); padding-top: 8px; margin-top: 0; }
.answer { font-weight: 600; }
dl.thought { display: grid; gap: 16px; } dl.thought dt { font-size: 12px; line-height: 16px; color: var(--quiet); }
.question { font: 28px/36px var(--serif); max-width: 26ch; text-wrap: balance; margin-bottom: 24px; }
.facts { margin: 8px 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 20px; }
th { text-align: left; font: 12px/16px var(--sans); color: var(--quiet); padding: 0 16px 8px 0; }
td { vertical-align: baseline; padding: 8px 16px 8px 0; border-top: 1px solid var(--hair); }
td:last-child, th:last-child { padding-right: 0; }
td.name { font: italic 16px/24px var(--serif); }
.work td { border-top: 1px dotted var(--dots); color: var(--soft); } .work td:last-child { text-align: right; white-space: nowrap; }
.whole { grid-template-columns: minmax(0, 1fr); }
.log, .seats { table-layout: fixed; } .log td:first-child, .log td:nth-child(2) { color: var(--quiet); } .seats th:first-child { width: 128px; } .seats th:nth-child(2) { width: 128px; }
.log th:first-child { width: 96px; } .log th:nth-child(2) { width: 192px; } .log th:nth-child(3) { width: 168px; }
.log tr.m td { border-top: 1px dotted var(--dots); color: var(--soft); } .struck { text-decoration: line-through; text-decoration-thickness: 1px; }
pre { font: 14px/20px var(--type); white-space: pre-wrap; padding: 8px 0 8px 16px; border-left: 1px solid var(--ink); margin: 8px 0 16px; }
.gap { margin-top: 32px; } .near { margin-top: 8px; }

@media (max-width: 760px) {
  body { padding: 0; background: var(--paper); }
  main { padding: 32px 16px 64px; }
  h1 { font-size: 28px; line-height: 36px; } .question { font-size: 20px; line-height: 28px; }
  .how { grid-template-columns: 1fr; gap: 24px; }
  .plate { grid-template-columns: minmax(0, 1fr); padding: 24px 0 40px; }
  .choices > li { grid-template-columns: 80px minmax(0, 1fr); gap: 0 16px; } .choices .person { grid-column: 2; }
  .thread { margin-left: 0; padding-left: 16px; }
  .seats td, .seats tr, .log td, .log tr { display: block; width: auto !important; border: 0; padding: 0; } .seats thead, .log thead { display: none; }
  .seats tr, .log tr { border-top: 1px solid var(--hair); padding: 8px 0; } .log tr.m { border-top: 1px dotted var(--dots); } .log tr.m td { border-top: 0; }
  .log td:nth-child(-n+2) { display: inline; font-size: 12px; } .log td:first-child::after { content: ", "; }
}
@media print {
  @page { margin: 16mm 16mm 18mm; }
  body { background: none; padding: 0; font-size: 10pt; line-height: 14pt; }
  main { max-width: none; padding: 0; background: none; }
  header { padding-bottom: 32px; }
  .plate { grid-template-columns: 148px minmax(0, 1fr); gap: 16px 32px; padding: 20px 0 28px; }
  h2, h3, .side { break-after: avoid; }
  .choices > li, .item:not(:has(dl)), dl > div, .side, .sign, tr, pre { break-inside: avoid; }
  .sign { break-before: avoid; }
  .whole { grid-template-columns: minmax(0, 1fr); } .log th:first-child { width: 64px; } .log th:nth-child(2) { width: 128px; } .log th:nth-child(3) { width: 96px; } .seats th:first-child, .seats th:nth-child(2) { width: 80px; }
  table, .small, .machine { font-size: 9pt; line-height: 13pt; }
  a { text-decoration: none; }
}
"""


def text(words: str) -> str:
    """Somebody's text, safe and in its place: nothing without a shape, nothing that turns the writing direction around it, no tower
    of marks that reaches into the lines of others."""
    kept, marks = [], 0
    for char in words:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MARKS:
            kept.append(char if char.isprintable() or char in "\n" + _CROSSING else " ")
    return escape("".join(kept))


def count(number: int, one: str, many: str) -> str:
    """A number with its word."""
    return f"{number} {one if number == 1 else many}"


def name(words: str) -> str:
    """Somebody's name, on one line, in its own direction of writing."""
    return f"<bdi>{text(' '.join(words.split()))}</bdi>"


def person(words: str, *, large: bool = False) -> str:
    """A person's words."""
    return f'<p class="person{" large" if large else ""}" dir="auto">{text(words.strip())}</p>' if words.strip() else ""


def sign(line: Line[Any] | Current, what: str = "", *, full: bool = False) -> str:
    """The name under what somebody said: with what, when, and where it stands in the record."""
    struck = ", struck since by a revocation" if isinstance(line, Line) and line.struck else ""
    said = f"{what}, " if what else ""
    return f'<p class="sign{" full" if full else ""}"><cite>{name(line.by.name)}</cite><span class="tiny">{said}{text(day(line.at))}, entry {line.n}{struck}</span></p>'


def machine(lines: Sequence[str]) -> str:
    """The machine's words."""
    if not lines:
        return ""
    return f'<p class="machine">{text(lines[0])}</p>' if len(lines) == 1 else f'<ul class="machine">{"".join(f"<li>{text(one)}</li>" for one in lines)}</ul>'


def plate(heading: str, inside: str, *side: str) -> str:
    """A part of the page: its heading and what belongs to it on the left; nothing where there is nothing to say."""
    return f'<section class="plate"><div class="side"><h2>{text(heading)}</h2>{"".join(side)}</div><div>{inside}</div></section>\n' if inside else ""


def items(parts: Iterable[str]) -> str:
    """Things of one kind under each other."""
    return "".join(f'<div class="item">{part}</div>' for part in parts if part)


def cuts(sealed: Iterable[CutSeal]) -> str:
    """Cuts by file and version."""
    rows = []
    for one in sealed:
        sheet = {True: ", contact sheet seen", False: ", contact sheet not seen", None: ""}[one.sheet_seen]
        version = "" if one.version == "master" else f", {one.version}"
        rows.append(f"<li>{text(one.file.rsplit('/', 1)[-1] + version + sheet)}</li>")
    return f'<ul class="facts small">{"".join(rows)}</ul>'
