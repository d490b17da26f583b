"""Script: the lined script, live. Any word of any attempt and any stretch of a take's line plays from there."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from answerprint.model.attempts import Covered
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Stretch, clip_of, laid, stretch_of, unit_for
from answerprint.script.lining_sheet import Parts, Place, Sheet, Spot, Words, in_column, lay_out, on_pages, parts, words_of
from answerprint.script.lining_sheet.lanes import matched
from answerprint.script.lining_sheet.style import SHEET
from answerprint.script.records import Item, Script
from answerprint.script.words import words
from answerprint.timeline.slates import Strung, slate_name

if TYPE_CHECKING:
    from answerprint.assistant import Table
    from answerprint.plan import Unit

router = APIRouter()

PAGES, BLOCKS = 3, 8  #: leaves that come with the page: more than a screen of each, about 250 kB on a crowded day
_NOBODY = Guest(session="", form="", kind="crew")  #: under whose names stands what is worked out once, for everybody
_laying = threading.Lock()
MOST = 400  #: hits of one search: who looks for a letter is shown that it is too short


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """An item in one attempt: when each of its written words is heard, in seconds of the clip; None for a word that is not."""

    item: int
    start_s: float
    words: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Lined:
    """One attempt that stands on the lined script."""

    mark: str  #: its clip and number, as the links on the page name it
    name: str
    stretch: Stretch
    spoken: tuple[Spoken, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """An item, word by word."""

    item: int
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ScriptPage:
    """What the page plays from. The sheet itself is drawn by the house."""

    title: str
    lines: tuple[Line, ...]
    attempts: tuple[Lined, ...]
    sentences: tuple[str, ...]
    coverage: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """Which leaves of the sheet come with the page: all that stand in `pages` and `column`; the others when somebody comes near."""

    pages: range
    column: range
    page: int | None = None  #: where an address leads that names an item or a word of it
    block: int | None = None


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Where words stand on the script: places on its pages, and blocks of the one column; at most so many as are worth a look."""

    pages: tuple[Place, ...]
    column: tuple[int, ...]
    more: bool


@router.get("/script", include_in_schema=False)
def page(
    request: Request, guest: Crew, all: bool = False, item: Annotated[int | None, Query(ge=0, le=10**6)] = None, word: Annotated[int, Query(ge=0, le=10**6)] = 0
) -> Response:
    """The page, open where it begins or at a word; whole, to print, where all of it is asked for."""
    room = room_of(request)
    known = _known(room)
    opening = _opening(known, None if all else (item, word))
    values = {"item": item, "word": word, "page": opening.page, "block": opening.block}
    return show(
        request, "script.html", guest, here="script", drawn=known.drawn, names=[one.name.rstrip(".") for one in known.sheet.pages], opening=opening, whole=all,
        coverage=known.coverage, empty=not (known.items or known.lined), at=values,
    )  # fmt: skip


@router.get("/script/leaf/{part}/{number}", include_in_schema=False)
def leaf(request: Request, guest: Crew, part: Literal["pages", "column"], number: int) -> Response:
    """One page of the sheet, or one block of its column, as it stands in the page."""
    drawn = _known(room_of(request)).drawn
    leaves = drawn.pages if part == "pages" else drawn.column
    if not 0 <= number < len(leaves):
        raise HTTPException(404)
    return Response(leaves[number], media_type="text/html; charset=utf-8")


@router.get("/api/script")
def twin(
    request: Request, guest: Crew, item: Annotated[int | None, Query(ge=0, le=10**6)] = None, mark: Annotated[str | None, Query(max_length=4096)] = None
) -> ScriptPage:
    """The lined script as other programs read it: every item, and when each of its words is heard in every attempt.

    Args: item: only the attempts at this item.  mark: only this attempt. Either brings the items that are said in them, and no others.
    """
    room = room_of(request)
    known = _known(room)
    lined = known.lined if item is None else known.at_item.get(item, ())
    if mark is not None:
        lined = tuple(pair for pair in lined if pair[0].mark == mark) if item is not None else known.at_mark.get(mark, ())
    wanted = known.items if item is None and mark is None else {spoken.item for one, _ in lined for spoken in one.spoken} | ({item} if item is not None else set())
    return ScriptPage(
        title=known.sheet.title, lines=tuple(Line(item=number, words=words) for number, words in known.items.items() if number in wanted),
        attempts=tuple(_mine(room, guest, *pair) for pair in lined), sentences=known.sheet.sentences, coverage=known.coverage,
    )  # fmt: skip


@router.get("/api/script/find")
def find(request: Request, guest: Crew, words: Annotated[str, Query(max_length=200)]) -> Hits:
    """Where words stand: in the script, on slates, said instead, in notes, in the log."""
    known = _known(room_of(request))
    pages = tuple(islice(on_pages(known.words, words), MOST + 1))
    column = tuple(islice(in_column(known.sheet, words), MOST + 1))
    return Hits(pages=pages[:MOST], column=column[:MOST], more=max(len(pages), len(column)) > MOST)


@router.get("/static/lined.css", include_in_schema=False)
def style() -> Response:
    """The sheet's own style, for its place on the page."""
    return Response(".lined {\n" + SHEET.replace(":root", "&", 1).partition("@media print")[0] + "}\n", media_type="text/css", headers={"cache-control": "public, max-age=3600"})


# ---- made once for a table


@dataclass(frozen=True, kw_only=True)
class _Known:
    """All that the page needs of one table, for everybody; a session's own names of clips are put in when somebody asks."""

    table: Table
    sheet: Sheet
    drawn: Parts
    items: Mapping[int, tuple[str, ...]]  #: the words of every item
    lined: tuple[tuple[Lined, Unit], ...]
    at_item: Mapping[int, tuple[tuple[Lined, Unit], ...]]
    at_mark: Mapping[str, tuple[tuple[Lined, Unit], ...]]
    coverage: tuple[str, ...]
    spots: Mapping[int, list[Spot]]

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """What can be looked for."""
        return words_of(self.sheet)

    @cached_property
    def places(self) -> Mapping[tuple[int, int], int]:
        """(item, word) -> the first page it is printed on."""
        found: dict[tuple[int, int], int] = {}
        for number, one in enumerate(self.sheet.pages):
            for run in one.prints:
                for spot in self.spots.get(run.element, ()):
                    if spot.start < run.start + len(run.text) and run.start < spot.end:
                        found.setdefault((spot.item, spot.number), number)
        return found


def _known(room: Room) -> _Known:
    """The lined sheet; laid out once for a table."""
    table = room.house.table
    found: _Known | None = getattr(room, "lined", None)
    if found is None or found.table is not table:
        with _laying:
            found = getattr(room, "lined", None)
            if found is None or found.table is not table:
                found = room.lined = _lay(room, table)  # type: ignore[attr-defined]
    return found


def _lay(room: Room, table: Table) -> _Known:
    sheet, spots = lay_out(table.script, table.lined_takes()), _spots(table.script)
    items = {item.number: item for item in table.items()}
    lined = tuple((_lined(room, one, items), unit_for(room, one)) for one in laid(room).strung)
    at_item: dict[int, tuple[tuple[Lined, Unit], ...]] = {}
    for pair in lined:
        for number in dict.fromkeys(spoken.item for spoken in pair[0].spoken):
            at_item[number] = (*at_item.get(number, ()), pair)
    return _Known(
        table=table, sheet=sheet, drawn=parts(sheet, spots), items={item.number: _written(item) for item in items.values()}, lined=lined, at_item=at_item,
        at_mark={pair[0].mark: (pair,) for pair in lined}, coverage=_coverage(room, items), spots=spots,
    )  # fmt: skip


def _opening(known: _Known, to: tuple[int | None, int] | None) -> Opening:
    """Which leaves come with the page: all (None), those around a word, or the first ones."""
    pages, column = len(known.drawn.pages), len(known.drawn.column)
    if to is None:
        return Opening(pages=range(pages), column=range(column))
    item, word = to
    page = known.places.get((item, word), known.places.get((item, 0))) if item is not None else None
    block = next((n for n, one in enumerate(known.sheet.blocks) if item in one.items), None) if item is not None else None
    return Opening(pages=_around(page, PAGES, pages), column=_around(block, BLOCKS, column), page=page, block=block)


def _around(at: int | None, some: int, count: int) -> range:
    first = max(0, (at or 0) - (some // 2 if at else 0))
    return range(first, min(count, first + some))


def _spots(script: Script | None) -> Mapping[int, list[Spot]]:
    """Where every word of every item is printed."""
    found: dict[int, list[Spot]] = {}
    for item in script.items if script else ():
        for number, word in enumerate(words(item.text)):
            element, start = script.place(item, word.start)  # type: ignore[union-attr]
            found.setdefault(element, []).append(Spot(start=start, end=start + word.end - word.start, item=item.number, number=number))
    return found


def _mine(room: Room, guest: Guest, one: Lined, unit: Unit) -> Lined:
    """An attempt under the names of a session."""
    clip = clip_of(room, guest, unit)
    return replace(one, stretch=replace(one.stretch, clip=clip, what=f"attempt:{clip.id}#{one.mark.rpartition('#')[2]}"))


def _lined(room: Room, one: Strung, items: Mapping[int, Item]) -> Lined:
    spoken = tuple(_spoken(covered, items[covered.item]) for covered in one.covered if covered.item in items)
    return Lined(mark=f"{unit_for(room, one).file}#{one.attempt.number}", name=slate_name(one), stretch=stretch_of(room, _NOBODY, one), spoken=spoken)


def _written(item: Item) -> tuple[str, ...]:
    """The words of an item, each with the marks that stand behind it."""
    found = words(item.text)
    edges = [one.start for one in found[1:]] + [len(item.text)]
    return tuple(" ".join(item.text[one.start : end].split()) for one, end in zip(found, edges, strict=True))


def _spoken(covered: Covered, item: Item) -> Spoken:
    places = {(word.start, word.end): number for number, word in enumerate(words(item.text))}
    times: list[float | None] = [None] * len(places)
    for said, on in matched(covered.words, item):
        for word in on:
            number = places[word.start, word.end]
            times[number] = said.in_s if times[number] is None else times[number]
    return Spoken(item=item.number, start_s=covered.in_s, words=tuple(times))


def _coverage(room: Room, items: Mapping[int, Item]) -> tuple[str, ...]:
    """What a script supervisor says at the end of the day: items with no whole attempt. Counted, not weighed."""
    says = room.texts["script"]
    whole = {covered.item for one in laid(room).strung for covered in one.covered if covered.complete}
    tried = {covered.item for one in laid(room).strung for covered in one.covered}
    wanted = [item for item in items.values() if not item.card and item.stock is None]
    bare = [str(item.number) for item in wanted if item.number not in tried]
    broken = [str(item.number) for item in wanted if item.number in tried - whole]
    lines = [says["no_attempt"].format(items=", ".join(bare))] if bare else []
    lines += [says["no_whole"].format(items=", ".join(broken))] if broken else []
    stock = [str(item.number) for item in items.values() if item.stock is not None]
    lines += [says["stock"].format(items=", ".join(stock))] if stock else []
    return tuple(lines or ([says["all_whole"]] if wanted else []))


