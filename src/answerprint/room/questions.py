"""The question, with everything it is asked about, and its three answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from answerprint import arguments, marks, signoff, watched
from answerprint.book import Person
from answerprint.desk import Desk
from answerprint.gate import Verdict, gate
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Refusal, Release, SignOff
from answerprint.model.records import AnswerprintError
from answerprint.model.time import floor_frames
from answerprint.room import RoomError, movies, showing, signing
from answerprint.room.asking import Crew, Room, room_of
from answerprint.room.doors import Guest
from answerprint.room.pages.cut import thing
from answerprint.room.pages.playing import Clip
from answerprint.room.pages.thought import Thought, thoughts
from answerprint.room.showing import Placed, Showing, desk_of
from answerprint.room.signing import Shown, Since
from answerprint.room.stage import picture
from answerprint.room.verdicts import mandatories, sheet_seen
from answerprint.room.words import on_a_page

__all__ = ["JUDGED_ON", "Missing", "Question", "by_person", "question", "router"]

router = APIRouter()

Notes = Annotated[list[str] | None, Body(max_length=200)]
#: What a film is judged on, as people say it: pictures first, then sound.
JUDGED_ON = ("graded monitor", "this screen", "phone", "monitors", "headphones", "laptop")
_MOST = 12  #: names of attempts that are listed before "and more"


@dataclass(frozen=True, kw_only=True)
class Missing:
    """What one person still has to do. `red`: an objection, or something that does not verify."""

    who: str
    says: tuple[str, ...]
    mine: bool
    red: bool


@dataclass(frozen=True, kw_only=True)
class ShotCalled:
    """A shot that whoever looks called only acceptable."""

    number: int
    name: str
    picture: str | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The contact sheet of a version that takes its edit over: a frame of each shot."""

    version: str
    seal: str  #: of the cut that it shows
    seen: bool
    frames: tuple[ShotCalled, ...]


@dataclass(frozen=True, kw_only=True)
class Film:
    """The cut beside the question."""

    version: str
    file: str
    seal: str
    rate: tuple[int, int]
    start: str
    frames: int
    clip: Clip | None  #: None while its movie is being made


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A rendered film that waits to be signed by its seal."""

    name: str  #: "master for tv-eu"
    file: str
    frames: int
    found: str  #: what technical QC found, at most "nothing wrong found"
    seal: str  #: its beginning, as it is shown
    played: bool | None  #: whether whoever looks played it to its end; None where they keep that to themselves


@dataclass(frozen=True, kw_only=True)
class Warned:
    """A warning of technical QC that a yes needs a note to."""

    number: int
    film: str
    check: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """The question as it stands before somebody."""

    asks: str
    versions: tuple[str, ...]
    wrong: str  #: why it cannot be asked yet
    film: Film | None
    thought: Thought | None  #: opened
    sealed: int | None  #: a thought of one's own that could be opened now
    missing: tuple[Missing, ...]
    nothing: tuple[str, ...]  #: who has nothing left to do
    stands: tuple[str, ...]
    notes: tuple[str, ...]
    machine: tuple[str, ...]
    not_checked: tuple[str, ...]
    not_in_this_film: tuple[str, ...]
    films: tuple[Waiting, ...]
    warnings: tuple[Warned, ...]
    affirms: tuple[str, ...]  #: what the yes would affirm again
    shown: dict[str, str]  #: what an answer binds, as it stands here: it is sent back with the answer
    acceptable: tuple[ShotCalled, ...]
    played: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    mandatories: tuple[str, ...]
    judged_on: tuple[str, ...]
    holder: str | None
    mine: bool  #: whether whoever looks holds the sign-off
    producers: tuple[str, ...]
    producer: bool
    answered: str  #: what was answered to this very cut before


def question(room: Room, guest: Guest, desk: Desk, person: Person | None, version: str) -> Question:
    """Everything that is asked about, for whoever looks.

    Raises: FilmError: there is no such version.
    """
    book = room.house.book
    chosen = tuple(one.name for one in desk.family.versions) if version == "all" else (desk.family[version or desk.family.first.name].name,)
    wrong = next((on_a_page(desk.cut_problems[one]) for one in chosen if one in desk.cut_problems), "")
    seen = sheet_seen(room, guest.person)
    affirms: tuple[str, ...] = ()
    stands: dict[str, str] = {}
    unchecked: tuple[str, ...]
    films: tuple[Waiting, ...] = ()
    warnings: tuple[Warned, ...] = ()
    if person is not None and not wrong:
        page = signoff.page(desk, person, chosen, sheet_seen=seen, played=played(room, person))
        films, warnings = _waiting(page), tuple(_warned(page))
        verdict, affirms, stands, unchecked = page.verdict, page.lines, page.shown, page.not_checked
    else:
        verdict = gate(desk, *chosen, sheet_seen=seen)
        unchecked = verdict.not_checked
    shown = _shown(room, desk, chosen[0])
    holder = book.holder(Judgment.SIGN_OFF) if book else None
    all_thoughts = thoughts(room, guest)
    mine = [one for one in all_thoughts if one.mine and not one.skipped]
    opened = next((one for one in [*mine, *all_thoughts] if one.opened), None)
    missing = by_person(verdict, person)
    busy = {one.who for one in missing}
    return Question(
        asks=signoff.QUESTION, versions=chosen, wrong=wrong, film=_film(room, guest, shown, chosen[0]) if shown else None, thought=opened,
        sealed=next((one.n for one in mine if not one.opened and one.here), None), missing=missing,
        nothing=tuple(one.name for one in book.people.values() if one.live and one.name not in busy) if book else (),
        stands=tuple(f"{one.judgment}: {one.says}, {one.who}, entry {one.entry}" for one in verdict.stands), notes=verdict.notes, machine=verdict.machine,
        not_checked=tuple(signoff.read_out([one]) for one in unchecked), not_in_this_film=verdict.not_in_this_film, films=films, warnings=warnings, affirms=affirms, shown=stands,
        acceptable=_acceptable(room, guest, shown) if shown else (), played=tuple(_played(room, guest, desk, chosen)),
        sheets=tuple(_sheet(room, guest, desk, one, seen) for one in chosen if one in desk.cuts and desk.family.needs_sheet(one, desk.cuts)),
        mandatories=mandatories(room), judged_on=JUDGED_ON, holder=holder.name if holder else None,
        mine=person is not None and holder is not None and holder.id == person.id,
        producers=tuple(one.name for one in book.people.values() if one.live and "producer" in one.roles) if book else (),
        producer=person is not None and "producer" in person.roles, answered=_answered(desk, chosen),
    )  # fmt: skip


def _waiting(page: signoff.Page) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(name=one.name, file=one.file, frames=one.film_frames, found=one.found, seal=one.essence.removeprefix("sha256:")[:12], played=page.played.get(one.essence))
        for one in page.films
    )  # fmt: skip


def _warned(page: signoff.Page) -> Iterator[Warned]:
    for number, one in enumerate(page.warnings, 1):
        yield Warned(number=number, film=one.where, check=one.check, says=one.words)


def played(room: Room, person: Person) -> Callable[[str], bool | None]:
    """Whether somebody played a film to its end in the room, by its seal; None for every film where they keep that to themselves."""
    production = room.house.production
    return lambda seal: watched.seen(production, person.id, f"film:{seal}", "played") if watched.allowed(production, person.id) else None


def by_person(verdict: Verdict, person: Person | None) -> tuple[Missing, ...]:
    """What is missing, by person, in the order of the verdict."""
    by: dict[str, list[str]] = {}
    red = Counter(one.who for one in verdict.missing if one.what in ("objection", "the record"))
    for one in verdict.missing:
        by.setdefault(one.who, []).append(on_a_page(one.says))
    return tuple(Missing(who=who, says=tuple(says), mine=person is not None and who == person.name, red=who in red) for who, says in by.items())


def _shown(room: Room, desk: Desk, version: str) -> Showing | None:
    file = desk.cut_name(version)
    try:
        return showing.showing(room, desk, file) if file and version in desk.cuts else None
    except (AnswerprintError, OSError):
        return None


def _film(room: Room, guest: Guest, shown: Showing, version: str) -> Film:
    rate = (shown.rate.numerator, shown.rate.denominator)
    clip = movies.clip(guest, shown) if movies.ready(room, shown) else None
    return Film(version=version, file=shown.file, seal=shown.seal, rate=rate, start=str(shown.start), frames=shown.frames, clip=clip)


def _still(guest: Guest, shown: Showing, one: Placed) -> str | None:
    """The middle frame of a shot."""
    if one.unit is None or one.unit.info.video is None or one.shown.use is None:
        return None
    span = one.shown.source(shown.rate)
    return picture(guest, one.unit, floor_frames((span.start_s + span.end_s) / 2, one.unit.info.video.rate), 180)


def _acceptable(room: Room, guest: Guest, shown: Showing) -> tuple[ShotCalled, ...]:
    held = marks.of(room.house.production, guest.person) if guest.person else {}
    called = [(one, name) for one in shown.shots if (name := thing(one, shown.rate)) is not None]
    return tuple(ShotCalled(number=one.number, name=one.name, picture=_still(guest, shown, one)) for one, name in called if marks.found(held, name) == "acceptable")


def _played(room: Room, guest: Guest, desk: Desk, chosen: tuple[str, ...]) -> list[str]:
    """What whoever looks played here, and what they did not: for their own eyes."""
    if guest.person is None:
        return []
    said, production = room.texts["sign_page"], room.house.production
    known = {one.thing for one in watched.listed(production, guest.person) if one.kind == "played"}
    lines = []
    for version in chosen:
        if version in desk.cuts:
            whole = f"version:{version}@{desk.cuts[version].seal}" in known
            lines.append(said["played_whole" if whole else "not_played_whole"].format(version=version))
    tries = {f"attempt:{one.clip}#{one.attempt}": one.words for one in desk.tries}
    if tries:
        lines.append(said["played_attempts"].format(says=watched.summary(production, guest.person, list(tries))))
        not_here = [words for name, words in tries.items() if name not in known]
        if not_here and len(not_here) < len(tries):
            lines.append(said["not_played"].format(names=", ".join(not_here[:_MOST]) + (f" {said['and_more'].format(count=len(not_here) - _MOST)}" if len(not_here) > _MOST else "")))
    return lines


def _sheet(room: Room, guest: Guest, desk: Desk, version: str, seen: Any) -> Sheet:
    shown = _shown(room, desk, version)
    frames = tuple(ShotCalled(number=one.number, name=one.name, picture=_still(guest, shown, one)) for one in shown.shots) if shown else ()
    return Sheet(version=version, seal=desk.cuts[version].seal, seen=seen(desk.cuts[version]), frames=frames)


def _answered(desk: Desk, chosen: tuple[str, ...]) -> str:
    """The last answer to exactly these cuts, in a sentence."""
    now = {desk.cuts[one].seal for one in chosen if one in desk.cuts}
    for line in reversed(desk.book.lines if desk.book else []):
        if isinstance(line.content, SignOff | Refusal | Release) and not line.struck and now and now <= {cut.seal for cut in line.content.cuts}:
            what = {"signoff": "Yes", "refusal": "Scrapped", "release": "Released, not signed"}[line.content.kind]
            because = getattr(line.content, "because", "")
            return f"{what}, by {line.by.name} in entry {line.n}{f': {because}' if because else '.'}"
    return ""


# ---- the three answers


@router.post("/api/sign/off/yes")
def yes(
    request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)], judged_on: Annotated[list[str], Body(max_length=len(JUDGED_ON))],
    ticked: Annotated[list[str], Body(max_length=200)], notes: Notes = None, since: Since = None, shown: Shown = None,
) -> dict[str, Any]:  # fmt: skip
    """Yes: the last of the four signatures. It is refused while anything is missing or a demand of the brief is not ticked.

    Args: judged_on: of `judged_on` on the page.  ticked: the demands of the brief that were seen with one's own eyes.
          notes: what is said to technical QC's warnings: "1: It is the lightning."
          since, shown: `seen` and `shown` of the page that was looked at.
    """
    room = room_of(request)
    _, page = _asked(room, guest, version, shown, notes)
    said = room.texts["sign_page"]
    if left := [one for one in mandatories(room) if one not in ticked]:
        raise RoomError(said["not_ticked"].format(what="; ".join(left)))
    on = [one for one in JUDGED_ON if one in judged_on]
    if not on:
        raise RoomError(said["judged_on_nothing"])
    content = signoff.yes(page)
    lists = [said["signs_yes"].format(question=signoff.QUESTION), *_cuts(page), *_films(room, page), *page.lines]
    lists += [said["signs_thought"].format(n=content.intent)] if content.intent is not None else []
    lists += [said["signs_unchecked"].format(what=signoff.read_out(content.not_checked))] if content.not_checked else []
    beside = said["beside"].format(on=", ".join(on)) + (said["beside_brief"].format(what="; ".join(ticked)) if mandatories(room) else "")

    def then(n: int) -> None:
        with room.house.writing() as record:
            record.append("remark", arguments.remark(said["beside_entry"].format(n=n, says=beside), by=page.person.name, on=f"film:{page.cuts[0].version}", via="room"))

    return signing.offer(room, guest, content, [*lists, f"{said['beside_note']} {beside}"], since=since, then=then)


@router.post("/api/sign/off/scrap")
def scrap(
    request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)], because: Annotated[str, Body(max_length=4000)],
    next: Annotated[signoff.Next, Body()], since: Since = None, shown: Shown = None,
) -> dict[str, Any]:  # fmt: skip
    """No: scrapped. The cut stays in the record; the next one starts from what was said."""
    room = room_of(request)
    desk, page = _asked(room, guest, version, shown)
    content = signoff.scrap(page, because, next)
    said = room.texts["sign_page"]

    def then(_: int) -> None:
        signoff.start_next(desk, page, next)

    lists = [said["signs_scrap"], *_cuts(page), because.strip(), said["signs_next"].format(next=said[f"next_{next.split(' ')[0]}"])]
    return signing.offer(room, guest, content, lists, since=since, first=lambda: signoff.stay(desk, page), then=then)


@router.post("/api/sign/off/release")
def release(
    request: Request, guest: Crew, version: Annotated[str, Body(max_length=120)], because: Annotated[str, Body(max_length=4000)],
    notes: Notes = None, since: Since = None, shown: Shown = None,
) -> dict[str, Any]:  # fmt: skip
    """Released, not signed: a producer's, under their own name, with everything that was missing."""
    room = room_of(request)
    _, page = _asked(room, guest, version, shown, notes)
    content = signoff.release(page, because)
    said = room.texts["sign_page"]
    lists = [said["signs_release"], *_cuts(page), *_films(room, page), because.strip(), *(said["signs_missing"].format(what=one) for one in content.missing)]
    lists += [said["signs_unchecked"].format(what=signoff.read_out(content.not_checked))]
    return signing.offer(room, guest, replace(content, because=because.strip()), lists, since=since)


def _asked(room: Room, guest: Guest, version: str, shown: dict[str, str] | None, notes: list[str] | None = None) -> tuple[Desk, signoff.Page]:
    person = signing.signer(room, guest)
    desk = desk_of(room)
    named = [version or desk.family.first.name]
    page = signoff.page(desk, person, named, sheet_seen=sheet_seen(room, person.id), notes=notes or (), played=played(room, person))
    signing.as_shown(room, shown, page.shown)
    return desk, page


def _cuts(page: signoff.Page) -> list[str]:
    return [f"{one.version}: {one.file}, {one.seal[:19]}…" for one in page.cuts]


def _films(room: Room, page: signoff.Page) -> list[str]:
    """The films and the notes that a signature names."""
    said = room.texts["sign_page"]
    films = [said["signs_film"].format(name=one.name, file=one.file, frames=one.film_frames, seal=f"{one.essence[:19]}…") for one in page.films]
    return films + [said["signs_note"].format(name=f"{one.version} for {one.spec}", check=one.check, says=one.says, note=one.note) for one in page.notes]
