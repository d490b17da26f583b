"""Choosing: what somebody says becomes a draft. Free, instant, unsigned, anybody's; signing is another gesture.

A thing is named as people name it: `item:3`, `film:square`, `grade`, `mix`, `bed`, `framing:7@square`; a take by its clip and number,
A001_C005#2, or by its slate, 1A-3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint import brought, drafts, slots
from answerprint.desk import FILM, Desk, DeskError, Try, nearest
from answerprint.drafts import Draft
from answerprint.model.charter import Judgment

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["AS_IT_IS", "JUDGED_ON", "Row", "Thing", "alternatives", "choices", "choose", "clear", "described", "judged", "said", "thing", "told"]

_MOST_GAIN_DB = 24  #: a mix that needs more was not levelled at all, and goes back to its mixer
#: What people say for a judgment about a whole version.
_SPOKEN = {"film": Judgment.FINAL_EDIT, "grade": Judgment.GRADE, "mix": Judgment.MIX, "bed": Judgment.MUSIC_BED}
_WORDS = ("item:3", "film", "grade", "mix", "bed", "framing:7")
#: Nothing made for it: the rushes through the show LUT, the sound of the cutting room, the frame of the camera. A choice like any other.
AS_IT_IS = {Judgment.GRADE: ("grade", "as shot"), Judgment.MIX: ("mix", "as cut"), Judgment.HERO_FRAMING: ("framing", "as shot")}
#: On what a person judges; nobody is taken to have used any of them.
JUDGED_ON = {
    Judgment.GRADE: ("graded monitor", "this screen", "phone"),
    Judgment.MIX: ("monitors", "headphones", "laptop"),
    Judgment.MUSIC_BED: ("monitors", "headphones", "laptop"),
}


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What a choice is about."""

    judgments: tuple[str, ...]  #: the cut of a version is its final edit and its pacing
    about: str
    version: str | None = None
    item: int | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of what is chosen and what is signed."""

    judgment: str
    about: str
    says: str
    signed: str | None  #: "R. Adeyemi, entry 12"; None for a draft
    because: str = ""
    stale: tuple[str, ...] = ()  #: what changed since it was signed


# ---- naming


def thing(desk: Desk, text: str) -> Thing:
    """What somebody means by `item:3`, `film:square`, `framing:7@square`, `grade`.

    Raises: DeskError, FilmError: there is no such thing; the nearest name is said.
    """
    word, _, rest = text.strip().partition(":")
    word = word.casefold()
    if word == "item":
        number, _, version = rest.partition("@")
        item, at = desk.item(number), f"@{desk.family[version].name}" if version else ""
        return Thing(judgments=(Judgment.TAKE,), about=f"item:{item}{at}", item=item, version=version or None)
    if word in ("framing", "hero"):
        number, _, version = rest.partition("@")
        item, name = desk.item(number), desk.family[version or desk.family.first.name].name
        heroes = [f"framing:{one.number}" for one in desk.items.values() if one.hero is not None]
        if desk.items[item].hero is None:
            raise DeskError(f"item {item} is no hero shot: the script does not mark it [[HERO]]. {nearest(text, heroes)}")
        return Thing(judgments=(Judgment.HERO_FRAMING,), about=f"hero:{item}@{name}", item=item, version=name)
    if word == "pacing":
        raise DeskError("the pacing goes with the cut: answerprint choose film cuts/FILE. Both are signed with `answerprint sign FOLDER lock`.")
    stricter = {name.casefold(): name for name in (desk.book.charter.content.stricter if desk.book and desk.book.charter else ())}
    if word not in _SPOKEN and word not in stricter:
        raise DeskError(f"{text!r} is nothing that is chosen here. {nearest(text, [*_WORDS, *stricter.values()])}")
    name = desk.family[rest].name if rest else desk.family.first.name
    named: tuple[str, ...] = (_SPOKEN[word],) if word in _SPOKEN else (stricter[word],)
    return Thing(judgments=(*named, Judgment.PACING) if word == "film" else named, about=f"{FILM}:{name}", version=name)


def take(desk: Desk, item: int, text: str) -> Try:
    """The attempt that somebody means, by clip and number or by slate.

    Raises: DeskError: there is none, or several are called that; they are listed in shooting order.
    """
    wanted = " ".join(text.split()).casefold()

    def called(one: Try) -> tuple[str, ...]:
        slate = one.slate.casefold()
        return one.name.casefold(), one.name.rpartition("#")[0].casefold(), Path(one.file).name.casefold(), one.file.casefold(), slate, slate.split()[0]

    found = [one for one in desk.tries if wanted == one.name.casefold()] or [one for one in desk.tries if wanted in called(one)]
    at_item = [one for one in found if item in one.items]
    found = at_item or found
    if len(found) == 1:
        return found[0]
    if found:
        raise DeskError(f"{text!r} is {len(found)} attempts: {', '.join(one.words for one in found)}. Say which by clip and number.")
    near = desk.tries_at(item) or desk.tries
    raise DeskError(f"there is no attempt called {text!r}. {nearest(text, [name for one in near for name in (one.name, one.slate)])}")


# ---- choosing


def choose(
    production: Production, what: str, choice: str | None, *, because: str = "", start: str | None = None, end: str | None = None,
    gain: str | None = None, meta: Mapping[str, str] | None = None, by: str = "", desk: Desk | None = None,
) -> tuple[Desk, tuple[Draft, ...]]:  # fmt: skip
    """Make a choice as a draft, over whatever draft was there.

    Args:   choice: a take, a cut, a file, "none", "as shot", "as cut"; None only for a cut that versions.csv names.  start, end: of a music bed, timecodes.
            gain: of a mix, in dB: the one gain over all of it that a person takes, as technical QC offers it; nobody else lays one.
            meta: how it was looked at, kept with it: "seen as" is "blind" or "slated", "judged on" a screen or
            speakers, "master" and "master seal" the finished file that was judged.  by: the name of whoever chose, where it is known.
            desk: one that was made for this, where it is at hand already.
    Raises: DeskError, FilmError, TurnoverError: what was named does not exist or cannot be read.
    """
    desk = desk or Desk(production)
    meant = thing(desk, what)
    if (start or end) and meant.judgments != (Judgment.MUSIC_BED,):
        raise DeskError("--from and --to belong to a music bed.")
    made = _choice(desk, meant, choice)
    if start or end:
        made |= _bed(desk, start, end)
    if gain:
        made |= _gain(meant, made, gain)
    made = {**made, **(meta or {})}
    new = tuple(Draft(judgment=str(one), about=meant.about, choice=made, because=because, by=by) for one in meant.judgments)
    drafts.put(production.inside, *new)
    return desk, new


def judged(desk: Desk, what: str, text: str) -> dict[str, str]:
    """On what somebody judged a grade, a mix or a bed, as it stands beside the choice.

    Raises: DeskError: nothing is judged on that; what there is is said.
    """
    first = thing(desk, what).judgments[0]
    ways = next((ways for judgment, ways in JUDGED_ON.items() if judgment == first), None)
    if ways is None:
        raise DeskError(f"--judged-on belongs to a grade, a mix or a music bed, not to {what}.")
    if text not in ways:
        raise DeskError(f"a {first} is judged on {', '.join(ways)}, not on {text!r}.")
    return {"judged on": text}


def _choice(desk: Desk, meant: Thing, text: str | None) -> dict[str, str]:
    first = meant.judgments[0]
    if first == Judgment.FINAL_EDIT:
        return {"file": _cut(desk, meant, text)}
    if not text:
        raise DeskError("say what is chosen: a take (A001_C005#2, or 1A-3), a cut, a file, or none.")
    if first == Judgment.TAKE:
        if text.casefold() == "none":
            if desk.items[meant.item or 0].card:
                raise DeskError(f"item {meant.item} is lettering, which is made, not shot: there is no take of it to choose.")
            return {"take": "none"}
        one = take(desk, meant.item or 0, text)
        slots.refuse_take(desk, str(first), meant.item, one.file, one.clip)
        return {"clip": one.clip, "attempt": str(one.attempt), "file": one.file, "slate": one.slate, "name": one.name}
    named, words = next((one for judgment, one in AS_IT_IS.items() if judgment == first), ("", ""))
    if named and text.casefold().replace("-", " ") == words:
        return {named: words}
    if first == Judgment.MUSIC_BED and text.casefold() == "none":
        return {"bed": "none"}
    if text.casefold() == "none" and first in (Judgment.GRADE, Judgment.MIX):
        as_shot = "a film that is left as it was shot has that for its grade: answerprint choose grade 'as shot'"
        as_cut = "a cut with sound has a mix; where that is the sound of the cutting room as it is: answerprint choose mix 'as cut'. A cut without sound needs none."
        raise DeskError(as_shot if first == Judgment.GRADE else as_cut)
    file = desk.file(text, brought.endings(str(first)))
    brought.check(desk.path / file, str(first))
    slots.refuse_take(desk, str(first), meant.item, file)
    return {"file": file}


def _cut(desk: Desk, meant: Thing, text: str | None) -> str:
    version = meant.version or desk.family.first.name
    listed = desk.family[version].cut
    listed = desk.cut_file(listed) if listed else None
    if not text:
        if listed is None:
            raise DeskError(f"say which cut: answerprint choose film:{version} cuts/FILE. {nearest('', desk.cut_files())}")
        text = listed
    file = desk.cut_file(text)
    if listed is not None and file != listed:
        raise DeskError(f"versions.csv says that the cut of {version} is {listed}. Write {file} there, or leave its cut empty, and choose again.")
    desk.read(file, version)
    return file


def _bed(desk: Desk, start: str | None, end: str | None) -> dict[str, str]:
    from answerprint.model.time import Timecode

    rate = desk.production.settings.rate
    given = {name: str(Timecode.parse(text, rate=rate)) for name, text in (("from", start), ("to", end)) if text}
    if len(given) == 2 and Timecode.parse(given["to"], rate=rate).frames <= Timecode.parse(given["from"], rate=rate).frames:
        raise DeskError(f"the music bed ends at {given['to']}, before it begins at {given['from']}.")
    return given


def _gain(meant: Thing, made: Mapping[str, str], text: str) -> dict[str, str]:
    """Raises: DeskError: it is not a mix's, or not a gain."""
    if meant.judgments != (Judgment.MIX,) or "file" not in made:
        raise DeskError("--gain belongs to a mix that is a file.")
    number = text.casefold().removesuffix("db").strip()
    if not re.fullmatch(r"[+-]?\d{1,2}(\.\d{1,2})?", number) or not -_MOST_GAIN_DB <= float(number) <= _MOST_GAIN_DB:
        raise DeskError(f"--gain {text}: one gain over the whole mix in dB, from -{_MOST_GAIN_DB} to +{_MOST_GAIN_DB}: --gain -1.5")
    return {"gain_db": f"{float(number):+.2f}"} if float(number) else {}


def clear(production: Production, what: str) -> tuple[Draft, ...]:
    """Take a draft away. What is signed stays signed.

    Raises: DeskError: there is no such draft.
    """
    desk = Desk(production)
    meant = thing(desk, what)
    found = [one for judgment in meant.judgments if (one := desk.drafts.get((str(judgment), meant.about)))]
    if not found:
        signed = any((str(judgment), meant.about) in desk.decisions for judgment in meant.judgments)
        raise DeskError(f"there is no draft for {what}." + (" What is signed is changed by choosing and signing something else." if signed else ""))
    return tuple(drafts.clear(production.inside, *found))


# ---- saying


def told(choice: Mapping[str, str]) -> str:
    """A choice in a few words."""
    if "clip" in choice:
        return f"{choice.get('slate', '')} ({choice.get('name', choice['attempt'])})"
    if choice.get("take") == "none":
        return "none: shoot again"
    if choice.get("bed") == "none":
        return "no music bed"
    if "framing" in choice:
        return choice["framing"]
    if named := next((name for name in ("grade", "mix") if name in choice), None):
        return choice[named] + _judged(choice)
    if "rough" in choice:
        return f"{choice['file']}, which is the machine's rough cut of entry {choice['rough']}, unchanged"
    span = " ".join(f"{word} {choice[word]}" for word in ("from", "to") if word in choice)
    words = " ".join(filter(None, (choice.get("file", "something of a newer release"), span)))
    gain = f", with one gain of {choice['gain_db']} dB over all of it" if "gain_db" in choice else ""
    return words + gain + _judged(choice)


def _judged(choice: Mapping[str, str]) -> str:
    judged = f", judged on {choice['judged on']}" if "judged on" in choice else ""
    master = f", of {choice['master']} ({choice.get('master seal', 'no seal').removeprefix('blake3:')[:12]})" if "master" in choice else ""
    return judged + master


def described(judgment: str, about: str, items: Mapping[int, object] | None = None) -> str:
    """A judgment and its thing in words: "take of item 3", "grade of square", "hero framing of item 7 in square"."""
    kind, _, rest = about.partition(":")
    thing, _, version = rest.partition("@")
    where = f" in {version}" if version else ""
    flat = getattr((items or {}).get(int(thing)), "flat", "") if kind != FILM and thing.isdecimal() else ""
    quoted = f" “{flat if len(flat) <= 40 else flat[:39] + '…'}”" if flat else ""
    return f"{judgment} of {thing}" if kind == FILM else f"{judgment} of item {thing}{quoted}{where}"


def said(desk: Desk, one: Draft) -> list[str]:
    """What is told after a choice: the choice, and what is worth knowing about it."""
    lines = [f"{described(one.judgment, one.about, desk.items if ':' in one.about and not one.about.startswith(FILM) else None)}: {told(one.choice)}. A draft, not signed."]
    if "clip" in one.choice:
        item = int(one.about.partition(":")[2].partition("@")[0])
        if not any(mine.clip == one.choice["clip"] and str(mine.attempt) == one.choice["attempt"] for mine in desk.tries_at(item)):
            lines.append(f"That attempt was not lined with item {item}.")
    if one.judgment == Judgment.FINAL_EDIT and "file" in one.choice:
        lines += slots.brought(desk, one.choice["file"])
    return lines


def alternatives(desk: Desk, judgment: str, about: str, choice: Mapping[str, str]) -> tuple[str, ...]:
    """Over what a choice was made: the other attempts in shooting order; the other cuts or files beside it, by name."""
    kind, _, rest = about.partition(":")
    if judgment == Judgment.TAKE and kind == "item":
        number = int(rest.partition("@")[0])
        return tuple(one.words for one in desk.tries_at(number) if (one.clip, str(one.attempt)) != (choice.get("clip"), choice.get("attempt")))
    file = choice.get("file", "")
    if judgment in (Judgment.FINAL_EDIT, Judgment.PACING):
        others = {desk.cut_name(one.name) for one in desk.family.versions if one.name != rest}  # a market's cut stands beside it; nobody turned it down
        return tuple(one for one in desk.cut_files() if one != file and one not in others)
    place = desk.path / file
    if not file or not place.is_relative_to(desk.path):
        return ()
    beside: Sequence[Path] = sorted(place.parent.glob(f"*{place.suffix}"))
    return tuple(str(one.relative_to(desk.path)) for one in beside if one.is_file() and one != place)


def choices(desk: Desk) -> list[Row]:
    """What is chosen and what is signed, takes first, in the order of the script and of the versions."""
    rows = [
        Row(judgment=one.decided.judgment, about=one.decided.about, says=told(one.decided.choice), signed=f"{one.by.name}, entry {one.name}",
            because=one.decided.because, stale=desk.stale.get(which, ()))
        for which, one in desk.decisions.items()
    ]  # fmt: skip
    rows += [Row(judgment=one.judgment, about=one.about, says=told(one.choice), signed=None, because=one.because) for one in desk.drafts.values()]
    order = [str(one) for one in Judgment]
    versions = {one.name: place for place, one in enumerate(desk.family.versions)}

    def place(row: Row) -> tuple[int, int, int, bool]:
        head, _, version = row.about.partition(":")[2].partition("@")
        judged = order.index(row.judgment) if row.judgment in order else len(order)
        return judged, int(head) if head.isdecimal() else 0, versions.get(version or head, 0), row.signed is None

    return sorted(rows, key=place)
