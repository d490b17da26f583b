"""The cutting-room floor: everything that was left out or removed, playable, in shooting order, with a sentence why it lies there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answerprint.drafts import read as read_drafts
from answerprint.film import Cut
from answerprint.model.attempts import OffScript
from answerprint.model.charter import Judgment
from answerprint.model.records import AnswerprintError
from answerprint.model.time import Span, floor_frames
from answerprint.plan import Unit
from answerprint.room.asking import Crew, Room, room_of, show
from answerprint.room.doors import Guest
from answerprint.room.pages.playing import Stretch, clip_of, laid, rate_of, stretch_of, unit_for
from answerprint.room.showing import desk_of
from answerprint.room.stage import picture
from answerprint.room.words import on_a_page
from answerprint.timeline.slates import Strung, exact, slate_name

if TYPE_CHECKING:
    from answerprint.assistant import Table

router = APIRouter()

#: The piles on the floor, in the order of the page.
PILES = ("not chosen", "not cut", "false starts", "wild", "off script", "set aside", "no attempt", "between")
MOST = 40  #: of a pile on the page at first: some screens full; the rest is one press away


@dataclass(frozen=True, kw_only=True)
class Scrap:
    """One thing on the floor."""

    name: str
    why: str  #: a sentence
    quote: str  #: what is said in it, where that is known
    length: str
    still: str | None
    stretch: Stretch


@dataclass(frozen=True, kw_only=True)
class Pile:
    """Scraps that lie there for the same reason, in shooting order."""

    name: str
    title: str
    scraps: tuple[Scrap, ...]
    count: int  #: how many there are, where the page shows fewer


@dataclass(frozen=True, kw_only=True)
class Floor:
    """Everything on the floor."""

    piles: tuple[Pile, ...]
    count: int
    problems: tuple[str, ...]


@router.get("/floor", include_in_schema=False)
def page(request: Request, guest: Crew, all: bool = False) -> Response:
    """The page."""
    floor = view(room_of(request), guest, None if all else MOST)
    return show(request, "floor.html", guest, here="floor", floor=floor, plain=asdict(floor))


@router.get("/api/floor")
def twin(request: Request, guest: Crew) -> Floor:
    """The floor as other programs read it."""
    return view(room_of(request), guest)


def view(room: Room, guest: Guest, most: int | None = None) -> Floor:
    """What lies on the floor now; at most so many of a pile."""
    sweeper = _Sweeper(room)
    piles = []
    for name in PILES:
        if swept := sweeper.swept(name):
            scraps = tuple(_scrap(room, guest, one) for one in swept[:most])
            piles.append(Pile(name=name, title=room.texts["floor"]["piles"][name.replace(" ", "_")], scraps=scraps, count=len(swept)))
    return Floor(piles=tuple(piles), count=sum(one.count for one in piles), problems=tuple(sweeper.problems))


@dataclass(frozen=True, kw_only=True)
class _Swept:
    """One thing on the floor, for everybody: a session's own names are put in for what is shown of it. Seconds of the clip, or an attempt."""

    unit: Unit
    name: str
    why: str
    span: Span | None = None
    attempt: Strung | None = None
    quote: str = ""


class _Sweeper:
    """One look at the floor. A pile stays as it lies until something that it was made from is another: the shoot, what is chosen, the cut."""

    def __init__(self, room: Room) -> None:
        self.room, self.table, self.says = room, room.house.table, room.texts["floor"]
        self.problems: list[str] = []  #: why something on the floor could not be looked at
        self.cuts, self.chosen = tuple(self._cuts()), self._chosen()

    def swept(self, pile: str) -> tuple[_Swept, ...]:
        """A pile, in shooting order."""
        piles: dict[str, tuple[Table, object, tuple[_Swept, ...]]] = vars(self.room).setdefault("floor", {})
        made_from = self.chosen if pile == "not chosen" else [(file, cut.seal, cut.written) for file, cut in self.cuts] if pile == "not cut" else None
        held = piles.get(pile)
        if held is None or held[0] is not self.table or held[1] != made_from:
            held = piles[pile] = (self.table, made_from, tuple(getattr(self, pile.replace(" ", "_"))()))
        return held[2]

    @cached_property
    def strung(self) -> tuple[Strung, ...]:
        return laid(self.room).strung

    @cached_property
    def of(self) -> dict[str, list[Strung]]:
        """The attempts in each clip or sound."""
        found: dict[str, list[Strung]] = {}
        for one in self.strung:
            found.setdefault(unit_for(self.room, one).digest, []).append(one)
        return found

    @cached_property
    def units(self) -> list[Unit]:
        """Every clip and sound, in shooting order."""
        places = list(dict.fromkeys([unit.digest for unit, _, _ in self.table.tries] + [unit.digest for unit in self.table.shoot.units]))
        order = {digest: place for place, digest in enumerate(places)}
        return sorted(self.table.shoot.units, key=lambda unit: order[unit.digest])

    # ---- attempts

    def not_chosen(self) -> Iterator[_Swept]:
        """Attempts at items of which each has a choice that is not this one."""
        chosen = self.chosen
        for one in self.strung:
            items = list(dict.fromkeys(covered.item for covered in one.covered))
            if not items or any(item not in chosen for item in items) or any(_is(one, chosen[item][0]) for item in items):
                continue
            whys = [self.says["shoot_again" if chosen[item][0].get("take") == "none" else "other_chosen"].format(
                item=item, name=chosen[item][1], take=chosen[item][0].get("slate") or chosen[item][0].get("attempt", "")) for item in items]  # fmt: skip
            yield self._attempt(one, " ".join(whys))

    def not_cut(self) -> Iterator[_Swept]:
        """Attempts of which no cut uses a frame, where there is a cut."""
        for file, cut in self.cuts:
            used = {**cut.heard, **cut.picture}
            for one in self.strung:
                names = {one.clip.file, unit_for(self.room, one).file}
                spans = [span for name in names for kind in (cut.picture, cut.heard) for span in kind.get(name, ())] if used else []
                attempt = Span(start_s=exact(one.attempt.in_s), end_s=max(exact(one.attempt.in_s), exact(one.attempt.out_s)))
                if not any(span.overlap(attempt) for span in spans):
                    key = "not_in_rough" if "rough" in file.lower() else "not_in_cut"
                    yield self._attempt(one, self.says[key].format(file=PurePosixPath(file).name))

    def false_starts(self) -> Iterator[_Swept]:
        for one in self.strung:
            if one.attempt.kind in ("false start", "restart"):
                yield self._attempt(one, self.says[one.attempt.kind.replace(" ", "_")])

    def wild(self) -> Iterator[_Swept]:
        """Wild sounds, and recorder files that hold no line of the script."""
        for one in self.strung:
            if one.attempt.kind == "wild" and not one.covered:
                yield self._attempt(one, self.says["wild_why"])
        for unit in self.units:
            if not unit.is_clip and unit.digest not in self.of:
                yield self._stretch(unit, Fraction(0), unit.info.duration_s, _file(unit), self.says["sound_alone"])

    # ---- what was heard

    def off_script(self) -> Iterator[_Swept]:
        for unit in self.units:
            for said in self.table.said(unit, "lining.off_script", OffScript):
                why = self.says["off_script_in" if said.attempt else "off_script_why"].format(name=self._named(unit, said.attempt))
                yield self._stretch(unit, exact(said.in_s), exact(said.out_s), _file(unit), why, said.text)

    def set_aside(self) -> Iterator[_Swept]:
        """Words that the machine heard and did not believe."""
        for unit in self.units:
            facts = self.table.shoot.facts(unit).get("transcript")
            for row in facts.value("transcript.set_aside", []) if facts else []:
                start, end, why = exact(row["start_s"]), exact(row["end_s"]), self.says["set_aside_why"].format(because=row["why"])
                yield self._stretch(unit, start, end, _file(unit), why, row["text"])

    # ---- what is left of the clips

    def no_attempt(self) -> Iterator[_Swept]:
        for unit in self.units:
            if unit.is_clip and unit.digest not in self.of:
                yield self._stretch(unit, Fraction(0), unit.info.duration_s, _file(unit), self.says["no_attempt_why"])

    def between(self) -> Iterator[_Swept]:
        """What runs before "action" and after "cut", clip by clip."""
        for unit in self.units:
            tries = sorted(self.of.get(unit.digest, []), key=lambda one: one.attempt.in_s)
            if not tries or not unit.is_clip:
                continue
            rate, at = rate_of(self.room, unit), Fraction(0)
            for one in [*tries, None]:
                end = exact(one.attempt.in_s) if one else unit.info.duration_s
                if end - at >= 1 / rate:
                    key = "head" if at == 0 else "tail" if one is None else "gap"
                    yield self._stretch(unit, at, end, _file(unit), self.says[key])
                at = max(at, exact(one.attempt.out_s)) if one else at

    # ---- how it is told

    def _chosen(self) -> dict[int, tuple[Mapping[str, str], str]]:
        """Item -> (what was chosen, who); the draft before what is signed."""
        book = self.room.house.book
        found: dict[int, tuple[Mapping[str, str], str]] = {}
        for (judgment, about), one in (book.decisions if book else {}).items():
            if judgment == Judgment.TAKE and about.removeprefix("item:").isdigit():
                found[int(about.removeprefix("item:"))] = (one.decided.choice, one.by.name)
        for (judgment, about), draft in read_drafts(self.room.house.production.inside).items():
            if judgment == Judgment.TAKE and about.removeprefix("item:").isdigit():
                found[int(about.removeprefix("item:"))] = (draft.choice, draft.by or self.says["somebody"])
        return found

    def _cuts(self) -> Iterable[tuple[str, Cut]]:
        """The first version's cut; where nobody chose one yet, the rough cut, if somebody asked for it."""
        desk = desk_of(self.room)
        first = desk.family.first.name
        if first in desk.cuts:
            return [(desk.cuts[first].file, desk.cuts[first])]
        rough = [file for file in desk.cut_files() if PurePosixPath(file).stem.endswith("_rough")]
        try:
            return [(rough[-1], desk.read(rough[-1], first).cut)] if rough else []
        except AnswerprintError as error:
            self.problems.append(on_a_page(str(error)))
            return []

    def _attempt(self, one: Strung, why: str) -> _Swept:
        unit = unit_for(self.room, one)
        heard = [said for said in self.table.words(unit) if one.attempt.in_s <= said.in_s < one.attempt.out_s]
        return _Swept(unit=unit, name=slate_name(one), why=why, attempt=one, quote=" ".join(word.text for word in heard))

    def _stretch(self, unit: Unit, start: Fraction, end: Fraction, name: str, why: str, quote: str = "") -> _Swept:
        return _Swept(unit=unit, name=name, why=why, span=Span(start_s=start, end_s=max(start, end)), quote=quote)

    def _named(self, unit: Unit, attempt: int | None) -> str:
        return next((slate_name(one) for one in self.of.get(unit.digest, []) if one.attempt.number == attempt), _file(unit))


def _scrap(room: Room, guest: Guest, one: _Swept) -> Scrap:
    """A thing on the floor under the names of a session."""
    if one.attempt is not None:
        stretch = stretch_of(room, guest, one.attempt)
    else:
        assert one.span is not None
        clip, rate = clip_of(room, guest, one.unit), rate_of(room, one.unit)
        first = min(max(floor_frames(one.span.start_s, rate), 0), clip.frames - 1)
        stretch = Stretch(clip=clip, start=first, end=min(max(-floor_frames(-one.span.end_s, rate), first + 1), clip.frames))
    seconds = Fraction(stretch.end - stretch.start) / Fraction(*stretch.clip.rate)
    still = picture(guest, one.unit, (stretch.start + stretch.end) // 2, 180) if stretch.clip.picture else None
    return Scrap(name=one.name, why=one.why, quote=one.quote, length=_clock(seconds), still=still, stretch=stretch)


def _is(one: Strung, choice: Mapping[str, str]) -> bool:
    name = f"{PurePosixPath(one.clip.file).stem}#{one.attempt.number}"
    return (one.clip.digest, str(one.attempt.number)) == (choice.get("clip"), choice.get("attempt")) or name in (choice.get("name"), choice.get("attempt"))


def _file(unit: Unit) -> str:
    return PurePosixPath(unit.file).name


def _clock(seconds: Fraction) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds >= 1 else f"{float(seconds):.1f} s"
