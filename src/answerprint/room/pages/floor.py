"""The cutting-room floor: everything that was left out or removed, playable, in shooting order, with a sentence why it lies there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import PurePosixPath

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
from answerprint.timeline.slates import Strung, exact, slate_name

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
    sweeper = _Sweeper(room, guest)
    piles = []
    for name in PILES:
        scraps = tuple(sweeper.sweep(name))
        if scraps:
            piles.append(Pile(name=name, title=room.texts["floor"]["piles"][name.replace(" ", "_")], scraps=scraps[:most], count=len(scraps)))
    return Floor(piles=tuple(piles), count=sum(one.count for one in piles), problems=tuple(sweeper.problems))


class _Sweeper:
    """One look at the floor."""

    def __init__(self, room: Room, guest: Guest) -> None:
        self.room, self.guest, self.table, self.says = room, guest, room.house.table, room.texts["floor"]
        self.strung = laid(room).strung
        self.problems: list[str] = []  #: why something on the floor could not be looked at
        self.of: dict[str, list[Strung]] = {}
        for one in self.strung:
            self.of.setdefault(unit_for(self.room, one).digest, []).append(one)
        places = list(dict.fromkeys([unit.digest for unit, _, _ in self.table.tries] + [unit.digest for unit in self.table.shoot.units]))
        order = {digest: place for place, digest in enumerate(places)}
        self.units = sorted(self.table.shoot.units, key=lambda unit: order[unit.digest])

    def sweep(self, pile: str) -> Iterator[Scrap]:
        yield from {
            "not chosen": self.not_chosen, "not cut": self.not_cut, "false starts": self.false_starts, "wild": self.wild, "off script": self.off_script,
            "set aside": self.set_aside, "no attempt": self.no_attempt, "between": self.between,
        }[pile]()  # fmt: skip

    # ---- attempts

    def not_chosen(self) -> Iterator[Scrap]:
        """Attempts at items of which each has a choice that is not this one."""
        chosen = self._chosen()
        for one in self.strung:
            items = list(dict.fromkeys(covered.item for covered in one.covered))
            if not items or any(item not in chosen for item in items) or any(_is(one, chosen[item][0]) for item in items):
                continue
            whys = [self.says["shoot_again" if chosen[item][0].get("take") == "none" else "other_chosen"].format(
                item=item, name=chosen[item][1], take=chosen[item][0].get("slate") or chosen[item][0].get("attempt", "")) for item in items]  # fmt: skip
            yield self._attempt(one, " ".join(whys))

    def not_cut(self) -> Iterator[Scrap]:
        """Attempts of which no cut uses a frame, where there is a cut."""
        for file, cut in self._cuts():
            used = {**cut.heard, **cut.picture}
            for one in self.strung:
                names = {one.clip.file, unit_for(self.room, one).file}
                spans = [span for name in names for kind in (cut.picture, cut.heard) for span in kind.get(name, ())] if used else []
                attempt = Span(start_s=exact(one.attempt.in_s), end_s=max(exact(one.attempt.in_s), exact(one.attempt.out_s)))
                if not any(span.overlap(attempt) for span in spans):
                    key = "not_in_rough" if "rough" in file.lower() else "not_in_cut"
                    yield self._attempt(one, self.says[key].format(file=PurePosixPath(file).name))

    def false_starts(self) -> Iterator[Scrap]:
        for one in self.strung:
            if one.attempt.kind in ("false start", "restart"):
                yield self._attempt(one, self.says[one.attempt.kind.replace(" ", "_")])

    def wild(self) -> Iterator[Scrap]:
        """Wild sounds, and recorder files that hold no line of the script."""
        for one in self.strung:
            if one.attempt.kind == "wild" and not one.covered:
                yield self._attempt(one, self.says["wild_why"])
        for unit in self.units:
            if not unit.is_clip and unit.digest not in self.of:
                yield self._stretch(unit, Fraction(0), unit.info.duration_s, _file(unit), self.says["sound_alone"])

    # ---- what was heard

    def off_script(self) -> Iterator[Scrap]:
        for unit in self.units:
            for said in self.table.said(unit, "lining.off_script", OffScript):
                why = self.says["off_script_in" if said.attempt else "off_script_why"].format(name=self._named(unit, said.attempt))
                yield self._stretch(unit, exact(said.in_s), exact(said.out_s), _file(unit), why, said.text)

    def set_aside(self) -> Iterator[Scrap]:
        """Words that the machine heard and did not believe."""
        for unit in self.units:
            facts = self.table.shoot.facts(unit).get("transcript")
            for row in facts.value("transcript.set_aside", []) if facts else []:
                start, end, why = exact(row["start_s"]), exact(row["end_s"]), self.says["set_aside_why"].format(because=row["why"])
                yield self._stretch(unit, start, end, _file(unit), why, row["text"])

    # ---- what is left of the clips

    def no_attempt(self) -> Iterator[Scrap]:
        for unit in self.units:
            if unit.is_clip and unit.digest not in self.of:
                yield self._stretch(unit, Fraction(0), unit.info.duration_s, _file(unit), self.says["no_attempt_why"])

    def between(self) -> Iterator[Scrap]:
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
            self.problems.append(str(error))
            return []

    def _attempt(self, one: Strung, why: str) -> Scrap:
        stretch, unit = stretch_of(self.room, self.guest, one), unit_for(self.room, one)
        heard = [said for said in self.table.words(unit) if one.attempt.in_s <= said.in_s < one.attempt.out_s]
        return self._scrap(unit, stretch, slate_name(one), why, " ".join(word.text for word in heard))

    def _stretch(self, unit: Unit, start: Fraction, end: Fraction, name: str, why: str, quote: str = "") -> Scrap:
        clip, rate = clip_of(self.room, self.guest, unit), rate_of(self.room, unit)
        first = min(max(floor_frames(start, rate), 0), clip.frames - 1)
        last = min(max(-floor_frames(-end, rate), first + 1), clip.frames)
        return self._scrap(unit, Stretch(clip=clip, start=first, end=last), name, why, quote)

    def _scrap(self, unit: Unit, stretch: Stretch, name: str, why: str, quote: str) -> Scrap:
        seconds = Fraction(stretch.end - stretch.start) / Fraction(*stretch.clip.rate)
        still = picture(self.guest, unit, (stretch.start + stretch.end) // 2, 180) if stretch.clip.picture else None
        return Scrap(name=name, why=why, quote=quote, length=_clock(seconds), still=still, stretch=stretch)

    def _named(self, unit: Unit, attempt: int | None) -> str:
        return next((slate_name(one) for one in self.of.get(unit.digest, []) if one.attempt.number == attempt), _file(unit))


def _is(one: Strung, choice: Mapping[str, str]) -> bool:
    name = f"{PurePosixPath(one.clip.file).stem}#{one.attempt.number}"
    return (one.clip.digest, str(one.attempt.number)) == (choice.get("clip"), choice.get("attempt")) or name in (choice.get("name"), choice.get("attempt"))


def _file(unit: Unit) -> str:
    return PurePosixPath(unit.file).name


def _clock(seconds: Fraction) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds >= 1 else f"{float(seconds):.1f} s"
