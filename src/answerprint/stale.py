"""What decisions rest on, and which of them do not hold any more. Pure: names and seals in, sentences out.

A decision says what was true of the film when it was signed, by name: `item:3`, `attempt:DIGEST#2`, `media:rushes/A001.mp4`,
`edit:master`, `rhythm:master`, `sound:master`, `shots:master`, `range:rushes/A001.mp4@master`, `file:looks/grade.cdl`,
`made:TASK:DIGEST`, `over:item:3`, `hero:7@square`. Where one of them is another now, exactly the decisions that name it are stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import PurePosixPath, PureWindowsPath

from answerprint.film import Cut
from answerprint.model.judgments import Decided
from answerprint.model.records import canonical
from answerprint.model.time import Span

__all__ = ["Things", "away", "now", "rests_on", "seal", "stale"]

#: Without this a decision about a version's cut says nothing of which cut: it was signed before there was one.
_CORE = {"final edit": "edit", "pacing": "rhythm", "grade": "shots", "mix": "sound"}
_UNMADE = "not made"  #: a correction that did not exist when the grade was signed


@dataclass(frozen=True, kw_only=True)
class Things:
    """What there is now, as far as decisions rest on it."""

    items: Mapping[int, str] = field(default_factory=dict)  #: number -> kind and text
    attempts: Mapping[tuple[str, int], tuple[str, str]] = field(default_factory=dict)  #: (clip's digest, number) -> in, out, in seconds
    over: Mapping[int, Sequence[str]] = field(default_factory=dict)  #: item -> the attempts at it, in shooting order
    media: Mapping[str, str] = field(default_factory=dict)  #: file -> digest
    cuts: Mapping[str, Cut] = field(default_factory=dict)  #: by version
    files: Mapping[str, str] = field(default_factory=dict)  #: a grade, a mix, a bed, a framing -> digest
    made: Mapping[tuple[str, str], str] = field(default_factory=dict)  #: (task, medium's digest) -> its latest facts file
    corrections: tuple[str, ...] = ()  #: tasks whose work a grade rests on
    clean_ups: tuple[str, ...] = ()  #: tasks whose work a mix rests on
    unknown: tuple[str, ...] = ()  #: kinds of names of which nothing can be said before the next prep: "attempt"
    shown_in: Mapping[int, Sequence[str]] = field(default_factory=dict)  #: item -> the clips that show it


def seal(value: object) -> str:
    """"sha256:..." over plain values."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def now(things: Things) -> dict[str, str]:
    """Everything that a decision can rest on, by name."""
    found: dict[str, str] = {f"item:{number}": seal(text) for number, text in things.items.items()}
    found |= {f"attempt:{clip}#{number}": f"{start}-{end}" for (clip, number), (start, end) in things.attempts.items()}
    found |= {f"over:item:{number}": seal(list(tries)) for number, tries in things.over.items()}
    found |= {f"media:{file}": digest for file, digest in things.media.items()}
    found |= {f"file:{file}": digest for file, digest in things.files.items()}
    found |= {f"made:{task}:{digest}": facts for (task, digest), facts in things.made.items()}
    for version, cut in things.cuts.items():
        found |= {f"edit:{version}": cut.seal, f"rhythm:{version}": cut.rhythm, f"sound:{version}": cut.sound}
        found[f"shots:{version}"] = seal(sorted(cut.picture))
        found |= {f"range:{medium}@{version}": _ranges(ranges) for medium, ranges in cut.picture.items()}
        found |= {f"hero:{number}@{version}": seal(sorted({*cut.picture} & {*shown})) for number, shown in things.shown_in.items()}
    return found


def rests_on(judgment: str, about: str, choice: Mapping[str, str], things: Things) -> dict[str, str]:
    """What a decision rests on if it is made now. That a correction was not made is something to rest on too."""
    there = now(things)
    names = _names(judgment, about, choice, things)
    return {name: there.get(name, _UNMADE) for name in names if name in there or name.startswith("made:")}


def away(judgment: str, about: str, choice: Mapping[str, str], things: Things) -> tuple[str, ...]:
    """The media and files that a decision would rest on if it were made now, and that are not there."""
    there = now(things)
    wanted = [name for name in _names(judgment, about, choice, things) if name.startswith(("media:", "file:"))]
    return tuple(name.partition(":")[2] for name in dict.fromkeys(wanted) if name not in there)


def _names(judgment: str, about: str, choice: Mapping[str, str], things: Things) -> list[str]:
    kind, _, thing = about.partition(":")
    if judgment == "take":
        number = thing.partition("@")[0]
        if "clip" not in choice:
            return [f"item:{number}", f"over:item:{number}"]
        return [f"item:{number}", f"attempt:{choice['clip']}#{choice['attempt']}", f"media:{choice['file']}"]
    version = thing.rpartition("@")[2] if kind == "hero" else thing
    cut, file = things.cuts.get(version), [f"file:{choice['file']}"] if "file" in choice else []
    picture, heard = (list(cut.picture), list(cut.heard)) if cut else ([], [])
    if judgment == "final edit":
        return [f"edit:{version}", *(f"media:{medium}" for medium in dict.fromkeys([*picture, *heard]))]
    if judgment == "pacing":
        return [f"rhythm:{version}"]
    if judgment == "mix":
        return [*file, f"sound:{version}", *(f"media:{medium}" for medium in heard), *_made(cut, heard, things.clean_ups)]
    if judgment == "music bed":
        return file
    if judgment == "hero framing":
        picture = [medium for medium in picture if medium in things.shown_in.get(int(thing.partition("@")[0]), ())]
    shots = [about] if judgment == "hero framing" else [f"shots:{version}"]
    names = [*file, *shots, *(f"range:{medium}@{version}" for medium in picture), *(f"media:{medium}" for medium in picture)]
    return names + (_made(cut, picture, things.corrections) if judgment == "grade" else [])


def _made(cut: Cut | None, media: Sequence[str], tasks: Sequence[str]) -> list[str]:
    digests = [cut.digests[medium] for medium in media if medium in cut.digests] if cut else []
    return [f"made:{task}:{digest}" for task in tasks for digest in digests]


def stale(
    decisions: Iterable[Decided], there: Mapping[str, str], *, names: Mapping[str, str] | None = None, unknown: Sequence[str] = ()
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Which of these decisions do not hold any more, by judgment and thing, and what changed, in sentences.

    Args: there: `now(things)`.  names: a medium's file by its digest, to speak of it by name.  unknown: kinds of names to pass over.
    """
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in decisions:
        was_there = {name: there.get(name, _UNMADE if name.startswith("made:") else None) for name in one.rests_on}
        changed = [_says(name, was, was_there[name], names or {}) for name, was in sorted(one.rests_on.items())
                   if was_there[name] != was and name.partition(":")[0] not in unknown]  # fmt: skip
        changed += _cutless(one, there)
        if changed:
            found[one.judgment, one.about] = tuple(dict.fromkeys(changed))
    return found


def _cutless(one: Decided, there: Mapping[str, str]) -> list[str]:
    kind, _, thing = one.about.partition(":")
    core = one.about if one.judgment == "hero framing" else f"{_CORE.get(one.judgment, '')}:{thing}"
    if kind not in ("film", "hero") or core not in there or core in one.rests_on:
        return []
    version = thing.rpartition("@")[2]
    return [f"it was signed before {version} had a cut, or does not say which one."]


def _says(name: str, was: str, is_now: str | None, names: Mapping[str, str]) -> str:
    kind, _, rest = name.partition(":")
    gone = is_now is None
    if kind == "item":
        return f"item {rest} is not in the script any more." if gone else f"item {rest} was rewritten in the script."
    if kind == "attempt":
        clip, _, number = rest.rpartition("#")
        what = f"attempt {number} of {names.get(clip, 'its clip')}"
        return f"{what} is not found any more." if gone else f"{what} was {was} s and is {is_now} s."
    if kind == "over":
        return f"other attempts at {rest.replace(':', ' ')} are there now."
    if kind == "hero":
        number, _, version = rest.rpartition("@")
        return f"{version} has no cut any more." if gone else f"item {number} is shown by other clips in {version}."
    if kind == "made":
        task, _, digest = rest.partition(":")
        again = "is there now" if was == _UNMADE else "was made again and came out otherwise"
        return f"what {task} makes of {names.get(digest, 'a clip')} {again}."
    if kind == "range":
        medium, _, version = rest.rpartition("@")
        medium = _short(medium)
        return f"{version} does not show {medium} any more." if gone else f"{version} shows {_spoken(is_now or '')} of {medium}, and showed {_spoken(was)}."
    if kind in ("media", "file"):
        return f"{_short(rest)} is not there any more." if gone else f"{_short(rest)} is another file now."
    what = {"edit": "the cut", "rhythm": "where the pictures change", "sound": "the sound", "shots": "what is shown"}.get(kind, name)
    return f"{rest} has no cut any more." if gone else f"{what} of {rest} was changed." if kind != "rhythm" else f"the pictures of {rest} change at other places."


def _short(file: str) -> str:
    """A file as a sentence names it: outside the production by its own name, without somebody's folders."""
    path = next((one for one in (PurePosixPath(file), PureWindowsPath(file)) if one.is_absolute()), None)
    return path.name if path is not None else file


def _ranges(ranges: Sequence[Span]) -> str:
    return ",".join(f"{one.start_s}..{one.end_s}" for one in ranges)


def _spoken(ranges: str) -> str:
    """Ranges as a person reads them: seconds from the first frame."""
    pairs = [one.split("..") for one in ranges.split(",") if ".." in one]
    return ", ".join(f"{float(Fraction(start)):.2f}-{float(Fraction(end)):.2f} s" for start, end in pairs)
