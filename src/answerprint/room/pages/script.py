"""Script: the lined script, live. Any word of any attempt and any stretch of a take's line plays from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answerprint.model.attempts import Covered
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Clip, Stretch, clip_of, laid, stretch_of, unit_for
from answerprint.script.lining_sheet import Parts, Spot, lay_out, parts
from answerprint.script.lining_sheet.lanes import matched
from answerprint.script.lining_sheet.style import SHEET
from answerprint.script.records import Item, Script
from answerprint.script.words import words
from answerprint.timeline.slates import slate_name

router = APIRouter()


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


@router.get("/script", include_in_schema=False)
def page(request: Request, guest: Crew) -> Response:
    """The page."""
    room = room_of(request)
    sheet, drawn = _sheet(room)
    made = _view(room, guest, sheet.sentences, sheet.title)
    return show(request, "script.html", guest, here="script", script=made, drawn=drawn, plain=asdict(made))


@router.get("/api/script")
def twin(request: Request, guest: Crew) -> ScriptPage:
    """The lined script as other programs read it: every item, and when each of its words is heard in every attempt."""
    room = room_of(request)
    sheet, _ = _sheet(room)
    return _view(room, guest, sheet.sentences, sheet.title)


@router.get("/static/lined.css", include_in_schema=False)
def style() -> Response:
    """The sheet's own style, for its place on the page."""
    return Response(".lined {\n" + SHEET.replace(":root", "&", 1).partition("@media print")[0] + "}\n", media_type="text/css", headers={"cache-control": "public, max-age=3600"})


def _sheet(room: Room) -> tuple[Any, Parts]:
    """The lined sheet; laid out once for a table."""
    table = room.house.table
    if getattr(room, "lined", (None,))[0] is not table:
        sheet = lay_out(table.script, table.lined_takes())
        room.lined = (table, sheet, parts(sheet, _spots(table.script)))  # type: ignore[attr-defined]
    _, sheet, drawn = room.lined  # type: ignore[attr-defined]
    return sheet, drawn


def _spots(script: Script | None) -> Mapping[int, list[Spot]]:
    """Where every word of every item is printed."""
    found: dict[int, list[Spot]] = {}
    for item in script.items if script else ():
        for number, word in enumerate(words(item.text)):
            element, start = script.place(item, word.start)  # type: ignore[union-attr]
            found.setdefault(element, []).append(Spot(start=start, end=start + word.end - word.start, item=item.number, number=number))
    return found


def _view(room: Room, guest: Guest, sentences: tuple[str, ...], title: str) -> ScriptPage:
    table = room.house.table
    if getattr(room, "spoken", (None,))[0] is not table:
        room.spoken = (table, _heard(room, guest, sentences, title))  # type: ignore[attr-defined]
    found: ScriptPage = room.spoken[1]  # type: ignore[attr-defined]
    mine = {shown.stretch.clip.id: clip_of(room, guest, unit_for(room, one)) for one, shown in zip(laid(room).strung, found.attempts, strict=True)}
    return replace(found, attempts=tuple(replace(one, stretch=_mine(one.stretch, mine[one.stretch.clip.id])) for one in found.attempts))


def _mine(stretch: Stretch, clip: Clip) -> Stretch:
    """The same stretch under the names of a session."""
    return replace(stretch, clip=clip, what=f"attempt:{clip.id}#{(stretch.what or '').rpartition('#')[2]}")


def _heard(room: Room, guest: Guest, sentences: tuple[str, ...], title: str) -> ScriptPage:
    """The page as it is for everybody, but for the names of the clips; read once for a table."""
    items = {item.number: item for item in room.house.table.items()}
    attempts = tuple(
        Lined(mark=f"{unit_for(room, one).file}#{one.attempt.number}", name=slate_name(one), stretch=stretch_of(room, guest, one),
              spoken=tuple(_spoken(covered, items[covered.item]) for covered in one.covered if covered.item in items))
        for one in laid(room).strung
    )  # fmt: skip
    return ScriptPage(title=title, lines=tuple(Line(item=item.number, words=_written(item)) for item in items.values()), attempts=attempts,
                      sentences=sentences, coverage=_coverage(room, items))  # fmt: skip


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


