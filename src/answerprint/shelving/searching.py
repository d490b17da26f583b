"""Searching the library, and candidates for a stock slot. What matches is a set: it is shown as it lies on disk, with the facts that matched, in no order of merit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.library import LibraryError
from answerprint.library.known import INDEX
from answerprint.model.time import number
from answerprint.rights.footage import known_as
from answerprint.rights.lists import Licence, Lists
from answerprint.shelving.shelf import Shelf, home

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.library.columns import Hit
    from answerprint.library.finding import Filters

__all__ = ["Candidate", "Licensed", "Match", "Results", "candidates", "generated", "matches", "plain", "search"]

MOST = 24  #: what a page of a contact sheet holds
#: What lies less than this share as near as the nearest is left out (bench/library.py --descriptions says how often that is the right one).
_NEAR = 0.5


@dataclass(frozen=True, kw_only=True)
class Licensed:
    """What the rights of a match have to be."""

    holds: bool = False  #: some row lets it be used today
    until: date | None = None  #: and still on this day
    released: bool = False  #: nobody's face is seen, or a talent row about it holds


@dataclass(frozen=True, kw_only=True)
class Match:
    """A shot that matches."""

    shot: int  #: its number in the index
    file: str
    digest: str
    connected: bool
    in_s: Fraction
    out_s: Fraction
    words: tuple[str, ...]  #: facts of it
    matched: tuple[str, ...]  #: what of the question it meets, in words
    things: tuple[tuple[str, float], ...]  #: what a classifier takes it for, with the share
    info: Mapping[str, Any]  #: of its file: raster, rate, sound
    licence: Licence
    generated: str = ""  #: how it is known that it was generated; "" where nothing says so
    lettering: str = ""  #: words on screen, as far as they were read
    said: str = ""  #: what is said in it, as far as it was listened to

    @property
    def rights(self) -> str:
        return self.licence.says


@dataclass(frozen=True, kw_only=True)
class Results:
    """What was found, as it lies on disk: by path, then by time."""

    matches: tuple[Match, ...]
    asked: str
    facts: tuple[str, ...]  #: of the question, that were taken as facts
    more: bool  #: something further matched, and was cut off
    notes: tuple[str, ...] = ()
    order: str = "as they lie on disk: by folder, file and time; nothing is ranked"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A shot for a stock slot. A person chooses; nothing here says which."""

    file: str
    digest: str
    in_s: Fraction
    out_s: Fraction
    facts: tuple[str, ...]
    matched: tuple[str, ...]
    rights: str
    preview: bytes | None = field(repr=False, default=None)  #: JPEG
    connected: bool = True
    generated: str = ""
    shot: int = 0  #: its number in the index
    raster: tuple[int, int] = (0, 0)  #: as it is seen


def search(
    shelf: Shelf, words: str = "", *, like: str = "", palette: Sequence[tuple[int, int, int]] = (), filters: Filters | None = None, licensed: Licensed | None = None,
    most: int = MOST, today: date | None = None,
) -> Results:  # fmt: skip
    """Find shots.

    Args:   words: in plain words; what is a fact ("vertical", "no people", "red") is asked as one.
            like: a picture, or a clip with a moment ("rain.mp4@12.5"), of the library or not.  palette: 8-bit RGB.
            filters: what a shot has to be.  licensed: what its rights have to be.  most: where the set is cut.
    Raises: LibraryError: nothing was asked, or the library is empty.  MediaError: `like` cannot be read.  RightsError: a list of rights cannot be read.
    """
    from answerprint.library.finding import Filters, find

    vectors = _like(shelf, like) | _palette(palette)
    if not words.strip() and not vectors and filters in (None, Filters()) and licensed in (None, Licensed()):
        raise LibraryError("nothing was asked. Give words, a picture with --like, colours with --palette, or a filter.")
    if not shelf.index.roots():
        raise LibraryError("the library is empty. Take a folder in: answerprint library add FOLDER")
    found = find(shelf.index, words, vectors=vectors, filters=filters, clip=shelf.clip, most=max(200, 4 * most))
    lists = Lists(shelf.index.home, shelf.index.papers(), today=today)
    near = dict(zip(found.rows, found.nearness, strict=True))
    same = _known(shelf, like) if like else None  # nothing is as near to a shot as that shot, and it would keep all others out
    least = _NEAR * max((value for row, value in near.items() if row != same), default=0.0)
    kept = [row for row in found.rows if near[row] >= least or near[row] >= 1.0]
    hits = {hit.n: hit for hit in shelf.index.hits(kept)}
    matched: list[Match] = []
    more = False
    for row in kept:
        if row not in hits:
            continue
        one = _match(shelf, hits[row], found.facts, found.rest, lists)
        if not _licensed(one, licensed):
            continue
        if len(matched) == most:
            more = True
            break
        matched.append(one)
    away = sorted({hits[one.shot].root for one in matched if not one.connected and not Path(hits[one.shot].root).is_dir()})
    unknown = ", ".join(f"“{word}”" for word in found.unknown)
    notes = [*([f"What {unknown} means is not known here: only names, the words on screen and what is said were searched for it. Say in plain English what is to be seen."] if unknown else [])]
    notes += [*(f"{root} is not connected: its shots were found, and cannot be opened." for root in away), *(shelf.lacks if words.strip() else ())]
    return Results(
        matches=tuple(sorted(matched, key=lambda one: (one.file, one.in_s))), asked=words, facts=found.facts, more=more or len(found.rows) > len(kept) > most, notes=tuple(notes)
    )  # fmt: skip


def candidates(
    desk: Desk | None, words: str, *, like: str = "", filters: Filters | None = None, licensed: Licensed | None = None, most: int = 12, shelf: Shelf | None = None, today: date | None = None,
) -> tuple[Candidate, ...]:  # fmt: skip
    """Shots of the library for a stock slot, as they lie on disk. What has no right to be used today is held back.

    Args:   desk: the production whose raster a clip has to fill at the least; None for any.
    Empty:  the library is empty, or nothing matches.
    Raises: as `search`.
    """
    from answerprint.library.finding import Filters

    if shelf is None and not (home() / INDEX).exists():
        return ()
    wanted = filters or Filters()
    raster = desk.production.settings.raster if desk is not None else None
    if raster is not None and wanted.raster is None:
        wanted = Filters(**{**vars(wanted), "raster": raster})
    opened = shelf or Shelf()
    try:
        if not opened.index.roots():
            return ()
        found = search(opened, words, like=like, filters=wanted, licensed=licensed, most=4 * most, today=today)
        chosen = [one for one in found.matches if not one.licence.held_back]
        chosen = chosen if len(chosen) <= most else _nearest(opened, chosen, words, like, wanted, most)
        return tuple(
            Candidate(
                file=one.file, digest=one.digest, in_s=one.in_s, out_s=one.out_s, facts=one.words, matched=one.matched, rights=one.rights,
                preview=opened.index.preview(one.shot), connected=one.connected, generated=one.generated, shot=one.shot,
                raster=(int(one.info.get("width") or 0), int(one.info.get("height") or 0)),
            )
            for one in chosen
        )  # fmt: skip
    finally:
        if shelf is None:
            opened.index.close()


def matches(shelf: Shelf, shots: Sequence[int], *, today: date | None = None) -> tuple[Match, ...]:
    """Shots by their numbers, with what is known of each and what its rights are today, as they lie on disk.

    Raises: RightsError: a list of rights cannot be read.
    """
    lists = Lists(shelf.index.home, shelf.index.papers(), today=today)
    return tuple(_match(shelf, hit, (), "", lists) for hit in shelf.index.hits(shots))


def generated(path: Path, *, today: date | None = None) -> str:
    """How the library knows that a file was generated: by its own word or a row of its list; "" where nothing says so, or the library does not hold it.

    Raises: RightsError: a list of rights cannot be read.
    """
    if not (home() / INDEX).exists():
        return ""
    whole = str(path.expanduser().absolute())
    with Shelf() as shelf:
        n = shelf.index.shot_at(whole, None)
        found = matches(shelf, [n] if n is not None else [], today=today)
    return found[0].generated if found else ""


def plain(found: Results) -> dict[str, Any]:
    """For other programs."""
    return {
        "asked": found.asked, "facts": list(found.facts), "order": found.order, "more": found.more, "notes": list(found.notes),
        "shots": [
            {
                "shot": one.shot, "file": one.file, "seal": one.digest, "connected": one.connected, "in_s": str(one.in_s), "out_s": str(one.out_s), "facts": list(one.words),
                "matched": list(one.matched), "taken_for": [[name, share] for name, share in one.things], "raster": [one.info.get("width"), one.info.get("height")],
                "rate": one.info.get("rate"), "rights": one.rights, "until": str(one.licence.ends) if one.licence.ends else None, "held_back": one.licence.held_back, "generated": one.generated,
            }
            for one in found.matches
        ],
    }  # fmt: skip


def _nearest(shelf: Shelf, chosen: Sequence[Match], words: str, like: str, filters: Filters, most: int) -> list[Match]:
    from answerprint.library.finding import find

    order = find(shelf.index, words, vectors=_like(shelf, like), filters=filters, clip=shelf.clip, most=500).rows
    first = set([row for row in order if row in {one.shot for one in chosen}][:most])
    return [one for one in chosen if one.shot in first]


def _match(shelf: Shelf, hit: Hit, facts_asked: Sequence[str], rest: str, lists: Lists) -> Match:
    from answerprint.library.facts import said
    from answerprint.library.meaning import bare

    words = said(int(hit.facts.get("bits", 0)))
    things = tuple((str(name), float(share)) for name, share in hit.facts.get("things", ()))
    spelt = " ".join([*hit.facts.get("named", ()), *(name for name, _ in things), str(hit.facts.get("lettering", "")), str(hit.facts.get("said", ""))]).casefold()
    matched = [word for word in facts_asked if word in words] + [word for word in dict.fromkeys(bare(rest)) if word in spelt.split() or f" {word}" in f" {spelt}"]
    places = shelf.index.places_of(shelf.index.file_of(hit.digest) or 0) or [hit.path]
    there = next((one for one in places if Path(one).exists()), None)
    licence = lists.of(*places)
    return Match(
        shot=hit.n, file=there or hit.path, digest=hit.digest, connected=there is not None, in_s=hit.in_s, out_s=hit.out_s, words=words, matched=tuple(matched), things=things,
        info=hit.info, licence=licence, generated=known_as(hit.info, licence), lettering=str(hit.facts.get("lettering", "")), said=str(hit.facts.get("said", "")),
    )  # fmt: skip


def _licensed(one: Match, wanted: Licensed | None) -> bool:
    if wanted is None:
        return True
    if (wanted.holds or wanted.until is not None) and not one.licence.holds:
        return False
    if wanted.until is not None and one.licence.ends is not None and one.licence.ends < wanted.until:
        return False
    return not wanted.released or "nobody's face" in one.words or one.licence.released


def _like(shelf: Shelf, like: str) -> dict[str, Any]:
    """The vectors of a picture, of a clip at a moment, or of a shot that the library knows."""
    if not like:
        return {}
    import numpy as np

    from answerprint.library.reading import picture_vectors

    path, at_s = _moment(like)
    row = _known(shelf, like)
    if row is None:
        return dict(picture_vectors(path, shelf.clip, at_s=at_s))
    kinds = ["look", "things", *(["clip"] if shelf.clip is not None else [])]
    return {kind: shelf.index.vectors[kind].at(np.array([row]))[0] for kind in kinds}


def _known(shelf: Shelf, like: str) -> int | None:
    """The shot of the index that others are to be like; None where it is a picture or a clip that the library does not know."""
    path, at_s = _moment(like)
    return shelf.index.shot_at(str(path), at_s)


def _moment(like: str) -> tuple[Path, Fraction | None]:
    name, sign, moment = like.rpartition("@")
    if sign and not Path(like).exists():
        try:
            return Path(name).expanduser().absolute(), number(moment)
        except (ValueError, ZeroDivisionError):
            raise LibraryError(f"{like!r}: after the @ comes a moment in seconds, as in rain.mp4@12.5") from None
    return Path(like).expanduser().absolute(), None


def _palette(colours: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    from answerprint.library.facts import palette_look

    return {"look": palette_look(colours)} if colours else {}
