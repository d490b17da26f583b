"""The log: every take in the order in which it was shot, as on a supervisor's facing page."""

from __future__ import annotations

from collections.abc import Sequence

from answerprint.script.lining_sheet.margin import Marks, when
from answerprint.script.lining_sheet.metrics import clean, folded, length
from answerprint.script.lining_sheet.records import HEIGHT, Face, Head, Label, LinedTake, Page, Rule

__all__ = ["pages"]

_COLUMNS = ((54.0, "Slate"), (116.0, "Size, lens"), (196.0, "Length"), (242.0, "Timecode"), (326.0, "Clip, roll, cameras"), (482.0, "Covers"), (548.0, "Said about it"))
_RIGHT = 764.0
_TOP, _FLOOR = 96.0, HEIGHT - 54.0
_Cell = list[tuple[str, Face, str | None]]  #: lines of a cell: words, face, mark


def pages(takes: Sequence[LinedTake], unlined: Sequence[int], marks: Marks, *, scripted: bool) -> list[Page]:
    """The log's pages; none without takes.

    Args:    unlined: takes that stand on no script page; what was said around them stands here.
    """
    out: list[Page] = []
    labels: list[Label] = []
    heads: list[Head] = []
    rules: list[Rule] = []
    top = _TOP
    for number, take in enumerate(takes):
        cells = _cells(number, take, marks, whole=number in unlined, scripted=scripted)
        tall = max(32.0, 14.0 + 10.4 * max(len(cell) for cell in cells))
        drawn = 0
        while drawn == 0 or drawn < max(len(cell) for cell in cells):
            fits = max(1, int((_FLOOR - top - 14.0) // 10.4))
            if top > _TOP and top + tall > _FLOOR:
                out.append(_page(len(out), labels, heads, rules, scripted))
                labels, heads, rules, top = [], [], [], _TOP
                continue
            if drawn == 0:
                mark = marks.to(number, take.in_s, "from its head")
                heads.append(Head(
                    take=number, x=_COLUMNS[0][0] + 19.0, top=top + 5.0, width=38.0, slate=clean(take.slate), under="" if take.kind == "take" else clean(take.kind),
                    circled=take.circled, mark=mark, asks=bool(take.conflicts),
                ))  # fmt: skip
            for (x, _), cell in zip(_COLUMNS[1:], cells):
                for n, (words, face, mark_of) in enumerate(cell[drawn : drawn + fits]):
                    labels.append(Label(x=x, y=top + 14.0 + 10.4 * n, text=words, face=face, size=9.0 if face in ("serif", "italic") else 8.0, mark=mark_of))
            left = max(len(cell) for cell in cells) - drawn
            drawn += fits
            top += max(32.0, 14.0 + 10.4 * min(left, fits))
            tall = max(32.0, 14.0 + 10.4 * max(0, left - fits))
            rules.append(Rule(x=54.0, y=top, right=_RIGHT, bottom=top, kind="hair"))
    return [*out, _page(len(out), labels, heads, rules, scripted)] if takes else out


def _page(before: int, labels: Sequence[Label], heads: Sequence[Head], rules: Sequence[Rule], scripted: bool) -> Page:
    name = f"takes {before + 1}."
    top = [
        Label(x=54.0, y=60.0, text="Takes, as they were shot" if scripted else "No script: the takes as they were shot", face="bold", size=12),
        Label(x=_RIGHT, y=60.0, text=name, face="type", size=12, align="right"),
        *(Label(x=x, y=86.0, text=words, face="sans", size=8, quiet=True) for x, words in _COLUMNS if scripted or words != "Covers"),
    ]
    return Page(name=name, kind="log", labels=(*top, *labels), heads=tuple(heads), rules=(Rule(x=54.0, y=_TOP - 4, right=_RIGHT, bottom=_TOP - 4, kind="hair"), *rules))


def _cells(number: int, take: LinedTake, marks: Marks, *, whole: bool, scripted: bool) -> list[_Cell]:
    def plain(text: str, room: float) -> _Cell:
        return [(line, "sans", None) for line in folded(text, "sans", 8.0, room)]

    covers = sorted({one.item for one in take.covered})
    cameras = f"camera{'s' if len(take.cameras) > 1 else ''} {', '.join(take.cameras)}" if take.cameras else ""
    place = ", ".join(part for part in (f"roll {take.roll}" if take.roll else "", cameras) if part)
    said: _Cell = []
    room = _RIGHT - _COLUMNS[6][0]
    for words in take.conflicts:
        said += [(line, "bold", marks.to(number, take.in_s, "its name")) for line in folded(words, "bold", 8.0, room)]
    if take.circled:
        said += [(line, "italic" if take.circled_by else "sans", None) for line in folded(f"circled by {take.circled_by}" if take.circled_by else "circled", "serif", 9.0, room)]
    if take.comment:
        mark = marks.to(number, take.in_s, "comment")
        said += [(line, "serif", mark) for line in folded(take.comment, "serif", 9.0, room * 0.92)]
        said += [(line, "italic", None) for line in folded(take.comment_by or "the day’s notes", "serif", 9.0, room * 0.92)]
    for one in take.off_script if whole else ():
        mark = marks.to(number, one.in_s, f"said: “{clean(one.text)[:60]}”")
        said += [(line, "sans", mark) for line in folded(f"“{one.text}”" + (f" {one.speaker}" if one.speaker else ""), "sans", 8.0, room)]
    for one in take.remarks if whole else ():
        mark = marks.to(number, one.in_s, f"remark: “{clean(one.text)[:60]}”")
        said += [(line, "serif", mark) for line in folded(f"“{one.text}”", "serif", 9.0, room * 0.92)]
        by = f"{one.speaker}, {when(take, one)}" if one.speaker else f"heard {when(take, one)}"
        said += [(line, "italic", None) for line in folded(by, "serif", 9.0, room * 0.92)]
    return [
        [*plain(take.size or "", 74.0), *plain(take.lens or "", 74.0)],
        plain(length(take.length_s), 40.0),
        plain(take.timecode or "", 78.0),
        [*plain(f"{take.clip}, {_nth(take.attempt)}", 150.0), *plain(place, 150.0)],
        plain(_spans(covers), 60.0) if scripted else [],
        said,
    ]


def _nth(attempt: int) -> str:
    return f"attempt {attempt}"


def _spans(numbers: Sequence[int]) -> str:
    """ "1-3, 5" """
    out: list[list[int]] = []
    for number in numbers:
        if out and out[-1][-1] == number - 1:
            out[-1].append(number)
        else:
            out.append([number])
    return ", ".join(str(one[0]) if len(one) == 1 else f"{one[0]}–{one[-1]}" for one in out)
