"""The sheet as one HTML file: drawn pages on a wide window and on paper, one column on a phone. No script, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from answerprint.script.lining_sheet.metrics import cells, clean, length, width
from answerprint.script.lining_sheet.paper import SLATE, UNDER, fit
from answerprint.script.lining_sheet.records import (
    HEIGHT,
    PITCH,
    WIDTH,
    Block,
    Entry,
    Head,
    Label,
    Line,
    Link,
    Note,
    Page,
    Piece,
    Print,
    Rule,
    Sheet,
)
from answerprint.script.lining_sheet.shapes import Curve, circle, stripes, wave
from answerprint.script.lining_sheet.style import SHEET

__all__ = ["Parts", "Spot", "html", "parts"]

_KINDS = {"scene heading": "heading", "shot": "heading", "character": "who", "parenthetical": "how", "dialogue": "say", "lyrics": "say sung", "transition": "turn", "centred": "centre"}


def html(sheet: Sheet) -> str:
    """The sheet as a self-contained page.

    Every mark is `<a href="#MARK" data-clip data-attempt data-in-s>`; without any script it leads to its row in the table at the end.
    No inline style, no script, no address outside the file: it works under `default-src 'none'; style-src 'unsafe-inline'`, or a
    hash of its one style sheet.
    """
    links = {link.mark: link for link in sheet.links}
    title = escape(sheet.title)
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{title}: lined script</title>\n<style>\n{SHEET}</style>\n</head>\n<body>\n",
        f'<header><h1>{title}</h1><p class="quiet">{_count(sheet)}</p></header>\n',
        _sentences(sheet),
        _legend(),
        '<main>\n<section class="pages" aria-label="Pages">\n',
        *(_page(sheet, page, links) for page in sheet.pages),
        '</section>\n<section class="column" aria-label="In one column">\n',
        *(_block(sheet, block, links) for block in sheet.blocks),
        _unlined(sheet, links),
        "</section>\n",
        _table(sheet),
        "</main>\n</body>\n</html>\n",
    ]
    return "".join(parts)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A word of an item where it is printed: letters [start, end) of an element of the script; `number` counts the item's words from 0."""

    start: int
    end: int
    item: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The sheet for a page of somebody else's: HTML without a head, a style or a script."""

    count: str
    sentences: str
    legend: str
    pages: tuple[str, ...]  #: one for each of the sheet's pages
    column: tuple[str, ...]  #: one for each of its blocks, and one more for takes under no item where there are any


def parts(sheet: Sheet, spots: Mapping[int, Sequence[Spot]]) -> Parts:
    """The sheet in parts; every mark is the same link as in `html`, and every word of an item lies under a rectangle that can be pressed:
    `<rect class="word" data-item data-word>`.

    Args: spots: the words of the items, by element of the script.
    """
    links = {link.mark: link for link in sheet.links}
    return Parts(
        count=_count(sheet), sentences=_sentences(sheet), legend=_legend(), pages=tuple(_page(sheet, page, links, spots) for page in sheet.pages),
        column=tuple(one for one in (*(_block(sheet, block, links) for block in sheet.blocks), _unlined(sheet, links)) if one),
    )  # fmt: skip


def _words(one: Print, spots: Mapping[int, Sequence[Spot]]) -> Iterable[str]:
    for spot in spots.get(one.element, ()):
        first, last = max(spot.start - one.start, 0), min(spot.end - one.start, len(one.text))
        if first < last:
            left, wide = one.x + PITCH * cells(one.text[:first]), PITCH * cells(one.text[first:last])
            yield f'<rect class="word" data-item="{spot.item}" data-word="{spot.number}" x="{_n(left)}" y="{_n(one.y - 9.4)}" width="{_n(wide)}" height="12"/>'


def _count(sheet: Sheet) -> str:
    takes = len(sheet.takes)
    circled = sum(take.circled for take in sheet.takes)
    words = f"{takes} take{'' if takes == 1 else 's'}"
    return escape(words + (f", {circled} circled" if circled else "") + (f", lined on {sheet.source}" if sheet.source else ""))


def _sentences(sheet: Sheet) -> str:
    if not sheet.sentences:
        return ""
    said = [f"<li>{escape(clean(one))}</li>" for one in sheet.sentences]
    if len(said) <= 3:
        return f'<ul class="machine notes">{"".join(said)}</ul>\n'
    return f'<details class="machine notes"><summary>{len(said)} remarks on reading the script</summary><ul>{"".join(said)}</ul></details>\n'


def _legend() -> str:
    wavy = _path(wave(10, 0, 24))
    rows = [
        ('<path class="line" d="M10 0V24"/>', "on camera"),
        (f'<path class="line" d="{wavy}"/>', "off camera, or sound only"),
        ('<path class="line thin" d="M10 0V24"/>', "not known which"),
        ('<path class="line" d="M10 0V23M5 23H15"/>', "to the end"),
        ('<path class="line" d="M10 0V13"/><path class="line faint" d="M10 15V24"/>', "stops before it"),
        (f'<path class="ring" d="{_path(circle(10, 12, 8, 6, 1))}"/>', "circled on the day"),
    ]
    drawn = "".join(f'<li><svg viewBox="0 0 20 24" aria-hidden="true">{mark}</svg>{words}</li>' for mark, words in rows)
    words = '<li><s class="type">hear</s> said otherwise; what was said stands over it</li><li><b class="type">[ ]</b> missed</li>'
    return f'<ul class="legend" aria-label="How to read it">{drawn}{words}</ul>\n'


def _a(mark: str | None, links: dict[str, Link], inside: str, *, name: bool = True) -> str:
    link = links.get(mark or "")
    if link is None:
        return inside
    label = f' aria-label="{escape(link.what)}"' if name else ""
    return f'<a href="#{link.mark}" data-clip="{escape(clean(link.clip))}" data-attempt="{link.attempt}" data-in-s="{link.seconds:.3f}"{label}>{inside}</a>'


def _path(curve: Curve) -> str:
    start, parts = curve
    return f"M{_n(start[0])} {_n(start[1])}" + "".join("C" + " ".join(f"{_n(x)} {_n(y)}" for x, y in part) for part in parts)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(x: float, y: float, words: str, kind: str, *, size: float | None = None, span: float | None = None) -> str:
    fixed = f' textLength="{_n(span)}"' if span else ""
    tall = f' font-size="{_n(size)}"' if size else ""
    return f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}"{tall}{fixed}>{escape(words)}</text>'


def _page(sheet: Sheet, page: Page, links: dict[str, Link], spots: Mapping[int, Sequence[Spot]] | None = None) -> str:
    drawn: list[str] = []
    drawn += (_rule(rule) for rule in page.rules)
    drawn += (_print(one) for one in page.prints)
    drawn += (word for one in page.prints for word in _words(one, spots or {}))
    drawn += (f'<path class="strike" d="M{_n(one.x)} {_n(one.y)}H{_n(one.right)}"/>' for one in page.strikes)
    drawn += (f'<path class="hand" d="M{_n(one.x + (3 if one.opens else -3))} {_n(one.top)}h{-3 if one.opens else 3}v11h{3 if one.opens else -3}"/>' for one in page.brackets)
    drawn += (f'<path class="hand" d="M{_n(one.x - 2.6)} {_n(one.y + 3)}l2.6 -4l2.6 4"/>' for one in page.carets)
    for line in page.lines:
        drawn.append(_line(line, links))
    drawn += (_a(one.mark, links, _text(one.x, one.y, one.text, "over", size=one.size, span=one.width)) for one in page.overs)
    drawn += (_head(head, links) for head in page.heads)
    drawn += (_note(note, links) for note in page.notes)
    drawn += (_label(label, links) for label in page.labels)
    name = escape(page.name.rstrip("."))
    return f'<svg class="sheet" viewBox="0 0 {_n(WIDTH)} {_n(HEIGHT)}" role="group" aria-label="Page {name}">\n' + "\n".join(drawn) + "\n</svg>\n"


def _print(one: Print) -> str:
    kind = " ".join(["type", *(["strong"] if one.bold else []), *(["slant"] if one.italic else []), *(["under"] if one.underline else [])])
    return _text(one.x, one.y, one.text, kind, span=one.cells * 7.2)


def _rule(rule: Rule) -> str:
    if rule.kind == "stock":
        return f'<rect class="stock" x="{_n(rule.x)}" y="{_n(rule.y)}" width="{_n(rule.right - rule.x)}" height="{_n(rule.bottom - rule.y)}"/>'
    path = f"M{_n(rule.x)} {_n(rule.y)}L{_n(rule.right)} {_n(rule.bottom)}"
    if rule.kind == "hero":
        path += f"M{_n(rule.x + 2.5)} {_n(rule.y)}L{_n(rule.right + 2.5)} {_n(rule.bottom)}"
    return f'<path class="{rule.kind}" d="{path}"/>'


def _line(line: Line, links: dict[str, Link]) -> str:
    thin = " thin" if line.stroke == "thin" else ""
    stop = line.bottom - 5 if line.ends == "open" else line.bottom
    path = _path(wave(line.x, line.top, stop)) if line.stroke == "off" else f"M{_n(line.x)} {_n(line.top)}V{_n(stop)}"
    if line.ends == "cap":
        path += f"M{_n(line.x - 5)} {_n(line.bottom)}h10"
    elif line.ends == "continues":
        path += f"M{_n(line.x - 3)} {_n(line.bottom - 4)}l3 4l3 -4"
    drawn = f'<path class="line{thin}" d="{path}"/>'
    if line.ends == "open":
        drawn += f'<path class="line faint" d="M{_n(line.x)} {_n(line.bottom - 3)}V{_n(line.bottom + 5)}"/>'
    hits = (_a(one.mark, links, f'<path class="hit" d="M{_n(line.x)} {_n(one.top)}V{_n(one.bottom)}"/>') for one in line.touches)
    return drawn + "".join(hits)


def _head(head: Head, links: dict[str, Link]) -> str:
    if head.again:
        size = fit(head.slate, 7.0, head.width)
        return _a(head.mark, links, _text(head.x, head.top + 8, head.slate, "sans again", size=size))
    size = fit(head.slate, SLATE, head.width - 8)
    wide = width(head.slate, "bold", size) + 8
    left, right, top = head.x - wide / 2, head.x + wide / 2, head.top
    bars = "".join("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in four) + "Z" for four in stripes(left, top, right, 2.8))
    drawn = f'<rect class="slate" x="{_n(left)}" y="{_n(top)}" width="{_n(wide)}" height="13.4"/><path class="bars" d="{bars}"/>'
    drawn += _text(head.x, top + 11, head.slate, "sans bold middle", size=size)
    if head.under:
        drawn += _text(head.x, top + 22.6, head.under, "sans middle below", size=fit(head.under, UNDER, head.width))
    if head.circled:
        drawn += f'<path class="ring" d="{_path(circle(head.x, top + 6.7, wide / 2 + 3.6, 8.8, head.take))}"/>'
    if head.asks:
        drawn += f'<circle class="dot" cx="{_n(right + 3.5)}" cy="{_n(top + 1)}" r="2.6"/>'
    return _a(head.mark, links, drawn)


def _note(note: Note, links: dict[str, Link]) -> str:
    drawn = []
    y = note.top
    if note.person:
        for words in note.lines:
            y += 12.0
            drawn.append(_text(note.x, y - 3, words, "serif", size=9.6))
        drawn.append(_text(note.x, y + 8, note.by, "serif slant soft", size=8.6))
    else:
        drawn.append(f'<path class="{"asks" if note.asks else "dots"}" d="M{_n(note.x)} {_n(y)}H{_n(note.x + 204)}"/>')
        for words in note.lines:
            y += 10.4
            drawn.append(_text(note.x, y + 1, words, "sans soft", size=8))
    return _a(note.mark, links, "".join(drawn))


def _label(label: Label, links: dict[str, Link]) -> str:
    kind = {"type": "type", "sans": "sans", "bold": "sans bold", "hand": "over", "serif": "serif", "italic": "serif slant"}[label.face]
    kind += {"left": "", "right": " right", "middle": " middle"}[label.align] + (" soft" if label.quiet else "")
    return _a(label.mark, links, _text(label.x, label.y, label.text, kind, size=label.size))


def _block(sheet: Sheet, block: Block, links: dict[str, Link]) -> str:
    paragraphs = "".join(f'<p class="type {_KINDS.get(kind, "act")}">{_pieces(pieces, links)}</p>' for kind, pieces in block.paragraphs)
    chips = "".join(_chip(sheet, entry, links, numbered=len(block.items) > 1) for entry in block.entries)
    number = f'<span class="item">{escape(", ".join(str(n) for n in block.items))}</span>' if block.items else ""
    bare = '<p class="asked">No take</p>' if block.bare else ""
    return f'<section class="block">{number}{paragraphs}{bare}' + (f'<div class="chips">{chips}</div>' if chips else "") + "</section>\n"


def _pieces(pieces: Iterable[Piece], links: dict[str, Link]) -> str:
    out = []
    for piece in pieces:
        words = escape(piece.text).replace("\n", "<br>")
        if piece.over:
            out.append(_a(piece.mark, links, f"<s>{words}</s> <ins>{escape(piece.over)}</ins>", name=False))
        elif piece.missed:
            out.append(f"<b>[</b>{words}<b>]</b>")
        else:
            out.append(words)
    return "".join(out)


def _slate(slate: str, *, circled: bool, asks: bool, seed: int) -> str:
    ring = f'<svg class="around" viewBox="0 0 100 60" preserveAspectRatio="none" aria-hidden="true"><path class="ring" d="{_path(circle(50, 30, 46, 26, seed))}"/></svg>' if circled else ""
    said = '<span class="sr"> circled</span>' if circled else ""
    ask = '<span class="dot"></span><span class="sr"> look at its name</span>' if asks else ""
    return f'<span class="box">{escape(clean(slate))}{ring}{said}{ask}</span>'


_STROKES = {"on": "on camera", "off": "off camera", "thin": "on or off camera: not known"}


def _chip(sheet: Sheet, entry: Entry, links: dict[str, Link], *, numbered: bool) -> str:
    take = sheet.takes[entry.take]
    end = "V21M5 21H15" if entry.complete else "V17"
    line = f'<path class="line{" thin" if entry.stroke == "thin" else ""}" d="M10 2{end}"/>' if entry.stroke != "off" else (
        f'<path class="line" d="{_path(wave(10, 2, 20))}{"M5 21H15" if entry.complete else ""}"/>'
    )
    top = f'<summary><svg viewBox="0 0 20 24" aria-hidden="true">{line}</svg>{_slate(take.slate, circled=take.circled, asks=bool(take.conflicts), seed=entry.take)}</summary>'
    facts = [*([f"item {entry.item}"] if numbered else []), *([clean(take.kind)] if take.kind != "take" else []), *([clean(take.size)] if take.size else []), length(take.length_s), _STROKES[entry.stroke]]
    facts += [f"circled by {clean(take.circled_by)}"] if take.circled_by else []
    rows = [f"<p>{escape(', '.join(facts))}</p><p>{_a(entry.mark, links, f'{escape(clean(take.clip))}, {_clock(links[entry.mark].seconds)}', name=False)}</p>"]
    for words, by, mark in entry.says:
        if by is None:
            rows.append(f'<p class="machine">{_a(mark, links, escape(words), name=False)}</p>')
        else:
            rows.append(f'<blockquote>{_a(mark, links, escape(words), name=False)}<cite>{escape(clean(by))}</cite></blockquote>')
    return f'<details class="chip">{top}{"".join(rows)}</details>'


def _unlined(sheet: Sheet, links: dict[str, Link]) -> str:
    """Takes under no item, for the phone."""
    under = {entry.take for block in sheet.blocks for entry in block.entries}
    rest = [n for n in range(len(sheet.takes)) if n not in under]
    if not rest:
        return ""
    first: dict[tuple[str, int], str] = {}
    for link in sheet.links:
        first.setdefault((link.clip, link.attempt), link.mark)
    out = []
    for n in rest:
        take = sheet.takes[n]
        facts = ", ".join([*([clean(take.kind)] if take.kind != "take" else []), *([clean(take.size)] if take.size else []), length(take.length_s)])
        said = [(one.text, f"{one.speaker or 'heard around'} {clean(take.slate)}".strip()) for one in take.remarks]
        said += [(take.comment, take.comment_by or "the day’s notes")] if take.comment else []
        quotes = "".join(f"<blockquote>{escape(clean(words))}<cite>{escape(clean(by))}</cite></blockquote>" for words, by in said)
        place = _a(first.get((take.clip, take.attempt)), links, escape(clean(take.clip)), name=False)
        heard = "".join(f'<p class="machine">“{escape(clean(one.text))}”</p>' for one in take.off_script)
        summary = f"<summary>{_slate(take.slate, circled=take.circled, asks=bool(take.conflicts), seed=n)}</summary>"
        out.append(f'<details class="chip">{summary}<p>{escape(facts)}</p><p>{place}</p>{heard}{quotes}</details>')
    words = "Takes under no line of the script" if sheet.blocks else "The takes as they were shot"
    return f'<section class="block"><h2>{words}</h2><div class="chips">{"".join(out)}</div></section>\n'


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 60}:{whole % 60:02d}.{thousandths:03d}"


def _table(sheet: Sheet) -> str:
    if not sheet.links:
        return ""
    rows = "".join(
        f'<tr id="{link.mark}"><td>{escape(link.what)}</td><td>{escape(clean(link.clip))}</td><td>{link.attempt}</td><td>{_clock(link.seconds)}</td></tr>\n' for link in sheet.links
    )
    head = "<tr><th>Mark</th><th>Clip</th><th>Attempt</th><th>From</th></tr>"
    return f'<details class="links"><summary>Where every mark leads</summary><table><thead>{head}</thead><tbody>\n{rows}</tbody></table></details>\n'


