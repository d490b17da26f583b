"""A budget out of its cells: which row names the columns, where a section begins, which row is a line and which only adds lines up.

Nothing is guessed: a figure that cannot be read is named by its place, all of them at once, and no sum is made without it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from answerprint.delivery.costs.figures import Mark, currency_in, figure, mark_of
from answerprint.delivery.costs.records import Budget, CostError, Line, Money, added
from answerprint.delivery.costs.sections import OUTSIDE, SECTIONS, section_of, summed
from answerprint.delivery.costs.sheets import Cell, Sheet, place, read_sheets

__all__ = ["NAMES", "read_budget"]

#: The columns, and how budgets call them.
NAMES: Mapping[str, tuple[str, ...]] = {
    "line": ("line", "line no", "line number", "no", "nr", "number", "acct", "account", "acct no", "code", "line item no", "pos"),
    "section": ("section", "category", "aicp", "aicp section", "kategorie"),
    "description": ("description", "item", "line item", "crew", "role", "position", "crew role", "title", "detail", "details", "what", "bezeichnung", "beschreibung", "funktion"),
    "days": ("days", "day", "est days", "no of days", "number of days", "shoot days", "units", "qty", "quantity", "tage", "anzahl", "menge"),
    "hours": ("hours", "hrs", "est hours", "estimated hours", "person hours", "stunden"),
    "rate": ("rate", "day rate", "daily rate", "unit price", "price", "satz", "tagessatz", "einzelpreis", "preis"),
    "estimate": ("estimate", "estimated", "est", "estimated cost", "estimated total", "est total", "budget", "budgeted", "bid", "total", "amount", "cost", "kalkulation", "summe", "betrag", "gesamt"),
    "actual": ("actual", "actuals", "actual cost", "actual total", "spent", "ist", "ist kosten"),
    "currency": ("currency", "cur", "ccy", "wahrung", "währung"),
    "done by": ("done by", "by", "who", "von"),
}
_MONEY = ("rate", "estimate", "actual")
_FIGURES = (*_MONEY, "days", "hours")
_KNOWN = {name: column for column, names in NAMES.items() for name in names}
_TOTAL = re.compile(r"(?i)(sub[- ]?|grand )?totals?\b|zwischensumme|(gesamt)?summe\b|gesamt\b")
_SUMMED = re.compile(r"(?i)[\s:;,(\u2013-]*\btotals?:?\s+[A-P]\b.*$")  #: what a summary's row has behind its title
_SAID = re.compile(r"(?i)\b(?:currency|w[aä]hrung|(?:figures|amounts|prices|costs|all) in)\b[: ]*")
_WIDER = re.compile(r"(?i)(production )?insurance\b|mark-?up\b|(production|company|handling) fee\b")  #: rows of the form that are about all sections
_MOST = 12  #: cells that one sentence lists


@dataclass
class _Read:
    """What was gathered so far."""

    sheet: Sheet
    mark: Mark
    currency: str  #: what the file says of all of its figures
    columns: dict[str, int] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)  #: a column -> the currency in its heading
    section: str = OUTSIDE
    lines: list[Line] = field(default_factory=list)
    sums: list[tuple[frozenset[str], Line]] = field(default_factory=list)  #: the sections that a summary's row adds up, and the row
    totals: list[tuple[str, int, Money]] = field(default_factory=list)  #: section, row, what the file says
    faults: list[str] = field(default_factory=list)


def read_budget(name: str, raw: bytes) -> Budget:
    """A budget as it lies in a file.

    Args:   name: the file's, for its ending and for sentences.
    Raises: CostError: no row names the columns; or figures cannot be read, each named by its place with what to write.
    """
    sheets, says = read_sheets(name, raw)
    cells = [cell for sheet in sheets for row in sheet.rows for cell in row]
    mark, currency = mark_of(cell.text for cell in cells if cell.number is None), _stated(sheets)
    reads = [_sheet(sheet, mark, currency) for sheet in sheets]
    if faults := [fault for one in reads for fault in one.faults]:
        more = [f"and {len(faults) - _MOST} more"] if len(faults) > _MOST else []
        raise CostError.listing(f"{name}: {'a cell' if len(faults) == 1 else f'{len(faults)} cells'} cannot be read, so nothing is added up.", [*faults[:_MOST], *more])
    if not any(one.columns for one in reads):
        raise CostError(f"{name}: {_headless(sheets)}")
    held = {line.section for one in reads for line in one.lines}
    for one in reads:
        one.lines = sorted([*one.lines, *(line for of, line in one.sums if not of & held)], key=lambda line: line.row)
    lines = [line for one in reads for line in one.lines]
    if not lines:
        raise CostError(f"{name}: there is a heading, and no line below it.")
    unread = tuple(f"The sheet {one.sheet.name} has no heading that names columns and was not read." for one in reads if not one.columns)
    return Budget(name=name, lines=tuple(lines), says=(*says, *unread, *(says for one in reads for says in _differ(one))))


def _headless(sheets: Sequence[Sheet]) -> str:
    needed = "no row names the columns. One row has to, with at least description and estimate; docs/cost.md lists the names"
    for sheet in sheets:
        for row in sheet.rows:
            for cell in row:
                near = difflib.get_close_matches(_name(cell.text), _KNOWN, 1, 0.8)
                if near and _name(cell.text) not in _KNOWN:
                    return f"{needed}. Is {cell.text!r} meant for {near[0]!r}?"
    return f"{needed}."


def _stated(sheets: Sequence[Sheet]) -> str:
    """The currency that a file states for all of its figures, in words: "Currency: EUR", "All figures in USD"; "" where none, or several."""
    found = set()
    for sheet in sheets:
        for row in sheet.rows:
            texts = [cell.text for cell in row if cell.text]
            for at, text in enumerate(texts):
                if (said := _SAID.search(text)) and (code := currency_in(text[said.end() :] or " ".join(texts[at + 1 : at + 2]))):
                    found.add(code)
    return found.pop() if len(found) == 1 else ""


def _name(text: str) -> str:
    return " ".join(re.sub(r"\([^)]*\)|[#.:€£$¥]|\b(EUR|USD|GBP|CHF)\b", " ", text.replace("/", " ")).casefold().split())


def _sheet(sheet: Sheet, mark: Mark, currency: str) -> _Read:
    read = _Read(sheet=sheet, mark=mark, currency=currency)
    for number, row in enumerate(sheet.rows, 1):
        if not any(cell.text for cell in row):
            continue
        if (columns := _heading(row)) is not None:
            read.columns, read.heads = columns, {name: currency_in(row[at].text) for name, at in columns.items() if at < len(row)}
            read.section = next((found for cell in row if _name(cell.text) not in _KNOWN and (found := section_of(cell.text))), read.section)
        elif read.columns:
            _row(read, number, row)
        elif found := next((found for cell in row if (found := section_of(cell.text))), None):
            read.section = found
    return read


def _heading(row: Sequence[Cell]) -> dict[str, int] | None:
    """The columns that a row names, by their places; None where it is no heading: it names two, and one of them holds money."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        column = _KNOWN.get(_name(cell.text)) if cell.number is None else None
        if column == "estimate" and column in found and "actual" not in found:
            column = "actual"  # the form has the same headings twice: estimated, then actual
        if column is not None:
            found.setdefault(column, at)
    if len(found) < 2 or not {"estimate", "actual", "rate"} & found.keys():
        return None
    if "description" not in found:
        taken = set(found.values())
        found["description"] = next((at for at in range(min(taken), -1, -1) if at not in taken), min(taken) + 1 if min(taken) + 1 not in taken else max(taken) + 1)
    return found


def _row(read: _Read, number: int, row: Sequence[Cell]) -> None:
    def text(column: str) -> str:
        at = read.columns.get(column, len(row))
        return row[at].text if at < len(row) else ""

    given = {name for name in _FIGURES if text(name)}
    says = text("description") or next((cell.text for at, cell in enumerate(row) if cell.text and cell.number is None and at not in {read.columns.get(name) for name in _FIGURES}), "")
    titled = section_of(f"{text('line')} {says}".strip()) or section_of(says)
    if not given and titled is not None and (text("line") or says):
        read.section = titled
        return
    total = _TOTAL.match(says) or (_TOTAL.match(text("line")) if not text("description") else None)
    faults = len(read.faults)
    line = _line(read, number, row, says, text)
    if len(read.faults) > faults:
        return
    if total:
        named = summed(says) or summed(f"total {says[total.end() :].strip(' :')}")
        whole = next(iter(named)) if len(named) == 1 else read.section if not named and _plain_total(says[total.end() :], read.section) else ""
        if whole and line.estimate is not None and not total[0].casefold().startswith(("grand", "gesamt")):
            read.totals.append((whole, number, line.estimate))
    elif of := frozenset(letter for cell in row for letter in summed(cell.text)):  # a summary says which sections its rows add up
        section = next(iter(of)) if len(of) == 1 else OUTSIDE
        read.sums.append((of, replace(line, section=section, says=_SUMMED.sub("", says) or says)))
    elif titled is not None and _sums_up(read, line, titled):
        read.sums.append((frozenset(titled), replace(line, section=titled)))
        read.section = titled if _lettered(line) else read.section
    elif says or given:
        read.lines.append(replace(line, section=OUTSIDE) if _WIDER.match(says) else line)


def _lettered(line: Line) -> bool:
    return re.match(r"(?i)(section )?[a-p][ :.)\u2013-]", f"{line.number} {line.says} ".strip() + " ") is not None


def _sums_up(read: _Read, line: Line, titled: str) -> bool:
    """Whether a row with the title of a section is that section's sum, as in a summary, and no line in the midst of another."""
    plain = (line.estimate is not None or line.actual is not None) and line.days is None and line.rate is None
    return plain and (read.section == OUTSIDE or (_lettered(line) and titled != read.section))


def _plain_total(rest: str, section: str) -> bool:
    """Whether what stands behind "total" speaks of this section, and of no wider sum."""
    rest = rest.strip(" :.-")
    return not rest or section_of(rest) == section != OUTSIDE


def _line(read: _Read, number: int, row: Sequence[Cell], says: str, text: Callable[[str], str]) -> Line:
    values: dict[str, Decimal | None] = {}
    said: dict[str, str] = {}
    for name in _FIGURES:
        at = read.columns.get(name, len(row))
        cell = row[at] if at < len(row) else Cell()
        try:
            if cell.fault:
                raise ValueError(cell.fault)
            values[name] = cell.number if cell.number is not None else figure(cell.text, read.mark)
        except ValueError as cause:
            read.faults.append(f"{place(read.sheet, number, at + 1)} ({name}): {cause}.")
            values[name] = None
        said[name] = currency_in(cell.text) or cell.currency
    row_says = currency_in(text("currency").upper())
    money = {name: Money(amount=found, currency=_settled(said[name] or row_says or read.heads.get(name, ""), read.currency)) for name in _MONEY if (found := values[name]) is not None}
    days, rate = values["days"], money.get("rate")
    reckoned = Money(amount=days * rate.amount, currency=rate.currency) if days is not None and rate is not None and "estimate" not in money else None
    line = text("line")
    coded = re.fullmatch(r"([A-Pa-p])[- ]?\d{1,3}", line)
    letter = section_of(text("section")) or (coded[1].upper() if coded else read.section)
    return Line(
        row=number, sheet=read.sheet.name, section=letter, number=line, says=says, days=days, rate=rate, hours=values["hours"],
        estimate=money.get("estimate", reckoned), actual=money.get("actual"), done_by=text("done by"),
    )  # fmt: skip


def _settled(found: str, stated: str) -> str:
    """A bare dollar or yen sign is the dollar or yen that the file states."""
    families = {"$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"), "¥": ("JPY", "CNY")}
    return stated if not found or stated in families.get(found, ()) else found


def _differ(read: _Read) -> Iterator[str]:
    """Where the file says another sum than its lines come to: somebody's formula leaves a row out, or somebody wrote over it."""
    for section, number, said in read.totals:
        sums = added(one.estimate for one in read.lines if one.row < number and one.section == section and one.estimate is not None)
        above = added(one.estimate for one in read.lines if one.row < number and one.estimate is not None)  # a last "Total" is often that of all
        if len(sums) == 1 and said not in (*sums, *above):
            where = place(read.sheet, number, read.columns["estimate"] + 1)
            yield f"{where}: the file says {said} for {section} {SECTIONS.get(section, '')}; its lines come to {sums[0]}."
