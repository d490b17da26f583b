"""What was proposed for a version's shots, as it stands now: what is used, what is refused, what the cut has left behind."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answerprint import finishing
from answerprint.finishing import Made, Refusal
from answerprint.model.charter import Judgment
from answerprint.reframing.shots import Cut, ReframingError, Shot, cut, differs, shape_called, shapes

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.production import Production
    from answerprint.timeline.framing import Framing

__all__ = ["Proposed", "ReframingError", "about", "bars", "called", "framings", "needed", "proposed", "unframed"]

#: What the machine proposes.
WHAT: finishing.What = "reframing"
#: The record as it was read for a desk, which shows one moment.
_READ: weakref.WeakKeyDictionary[Desk, tuple[dict[str, Made], dict[str, Refusal]]] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """One ordinary shot, and the frame that is proposed for it."""

    shot: Shot
    about: str  #: "square shot 3: A001_C003"
    made: Made | None  #: None: nothing was proposed for these frames
    framing: Framing | None  #: its keys for each shape, by frames of the clip; None where `made` is
    refused: Refusal | None  #: who does not want it: the shot is then shown whole


def about(version: str, shot: Shot) -> str:
    """What a proposal is about, as people say it."""
    return f"{version} shot {shot.number}: {shot.clip}"


def proposed(desk: Desk, version: str, *, of: Cut | None = None) -> tuple[Proposed, ...]:
    """Every ordinary shot of a version's cut, in the order of the film, with the frame that is proposed for just these frames of its clip: by a
    proposal of this version, else of the one that it comes from.

    Args:   of: the version's cut, where somebody has it already.
    Raises: FilmError: no such version.  KeepError: a proposal is not what it was.
    """
    there = of or cut(desk, version)
    line = [one.name for one in desk.family.line(version)]
    every = [one for one in finishing.history(desk.production) if one.what == WHAT]
    all_made, against = {one.about: one for one in every}, finishing.refused(desk.production, WHAT)
    pieces = [(piece, no) for no in against.values() if (piece := next((one for one in reversed(every) if one.about == no.about and one.entry < no.entry), None)) is not None]
    found = []
    for shot in there.shots:
        if shot.hero:
            continue
        fits = [(made, framing) for made in _of(all_made, line, shot) if (framing := _framing(desk.production, made)) is not None and _is(framing, shot)]
        no = next((against[made.about] for made, _ in fits if made.about in against), None) or _against(desk.production, pieces, line, shot)
        made, framing = fits[0] if fits else (None, None)
        found.append(Proposed(shot=shot, about=made.about if made else about(there.version, shot), made=made, framing=framing, refused=no))
    return tuple(found)


def _against(production: Production, pieces: Sequence[tuple[Made, Refusal]], line: list[str], shot: Shot) -> Refusal | None:
    """Who refused the frame of these very frames, whatever number the shot had then."""
    return next((no for piece, no in pieces if _mine(piece, line, shot) and (framing := _framing(production, piece)) is not None and _is(framing, shot)), None)


def _mine(one: Made, line: list[str], shot: Shot) -> bool:
    """Whether a proposal may be for a shot: for its clip, as that is now."""
    return one.values.get("version") in line and one.values.get("clip") == shot.file and shot.unit.digest in one.inputs


def _read(desk: Desk) -> tuple[dict[str, Made], dict[str, Refusal]]:
    """What was proposed and what is refused."""
    if desk not in _READ:
        _READ[desk] = finishing.made(desk.production, WHAT), finishing.refused(desk.production, WHAT)
    return _READ[desk]


def _of(made: Mapping[str, Made], line: list[str], shot: Shot) -> list[Made]:
    """The proposals that may be for a shot: the nearest version's first, and of those the one with the shot's own number."""
    mine = [one for one in made.values() if _mine(one, line, shot)]
    return sorted(mine, key=lambda one: (line.index(one.values["version"]), one.values.get("shot") != shot.number))


def _framing(production: Production, one: Made) -> Framing | None:
    from answerprint.timeline import framing

    file = next(iter(one.files), None)
    return framing.read(production.keep.get(one.files[file])) if file else None


def _is(framing: Framing, shot: Shot) -> bool:
    return (framing.file, framing.start, framing.end) == (shot.file, shot.start, shot.end)


def framings(desk: Desk, version: str, shape: str) -> tuple[Framing, ...]:
    """The frames that are proposed for a version in a shape, not refused, and for the very frames that its cut has now. For the others `bars`
    has a sentence. Hand them to `conform` after those of the hero shots.

    Args:   shape: as `shape_called` reads it: "9:16", "1080x1920"; one that nobody frames for gives nothing.
    Raises: FilmError: no such version.
    """
    return tuple(one.framing for one in _open(desk, version, shape) if one.framing is not None and one.refused is None and one.framing.paths.get(_shape(shape)))


def bars(desk: Desk, version: str, shape: str) -> tuple[str, ...]:
    """A sentence for every shot that is shown whole in a shape, with black bars: refused, left behind by a change of the cut, or never proposed;
    and for cards, supers and cuts inside the cut, which nobody crops."""
    name, there = _shape(shape), cut(desk, version)
    if not name:
        return ()
    found = []
    ever = {str(one.values.get("clip")) for one in _read(desk)[0].values()}
    for one in _open(desk, version, shape, of=there):
        if one.refused is not None:
            found.append(f"{one.about}: {one.refused.by} refused its {name} frame; it is shown whole, with black bars.")
        elif one.framing is None or not one.framing.paths.get(name):
            why = "the cut or the clip's range changed since its frame was proposed" if one.shot.file in ever else f"no frame was proposed for it in {name}"
            found.append(f"{one.about}: {why}; it is shown whole, with black bars. Propose one: answerprint reframe FOLDER --version {there.version} --shape {name}")
    if found or any(differs(shot, name) for shot in there.shots):
        found += [f"{one} is never cropped: in {name} it is shown whole, with black bars where the shapes differ, or needs a file of its own in that shape." for one in there.whole]
    return tuple(found)


def _open(desk: Desk, version: str, shape: str, *, of: Cut | None = None) -> tuple[Proposed, ...]:
    name = _shape(shape)
    return tuple(one for one in proposed(desk, version, of=of) if differs(one.shot, name)) if name else ()


def _shape(shape: str) -> str:
    try:
        return shape_called(shape)
    except ReframingError:
        return ""


def called(production: Production, text: str) -> str:
    """What a proposal is about, from what somebody typed: "square shot 3" is "square shot 3: A001_C003". What is not known comes back as it is."""
    there = finishing.made(production, WHAT)
    wanted = " ".join(text.split()).casefold()
    found = [name for name in there if wanted in (name.casefold(), name.casefold().rpartition(": ")[0])]
    return found[-1] if found else text


def needed(desk: Desk, wanted: Sequence[str] = ()) -> tuple[tuple[str, ...], dict[str, str]]:
    """The versions with a cut that have a shot to frame; and those that take every frame over, with the version that they take it from.

    Args: wanted: shapes; those that each version is delivered in where none are given.
    """
    own: list[str] = []
    alike: dict[str, str] = {}
    for one in desk.family.versions:
        if one.name not in desk.cuts:
            continue
        names = tuple(wanted) or shapes(desk, one.name)
        there = cut(desk, one.name)
        if not any(differs(shot, name) for shot in there.shots for name in names):
            continue
        parent = next((line.name for line in desk.family.line(one.name)[1:] if line.name in own), None)
        if parent is not None and _same(there, cut(desk, parent)) and set(names) <= set(tuple(wanted) or shapes(desk, parent)):
            alike[one.name] = parent
        else:
            own.append(one.name)
    return tuple(own), alike


def _same(one: Cut, other: Cut) -> bool:
    """Whether one shows no frames but those of the other."""
    theirs = {(shot.file, shot.start, shot.end) for shot in other.shots}
    return all((shot.file, shot.start, shot.end) in theirs for shot in one.shots)


# ---- hero shots


def unframed(desk: Desk, version: str, shape: str = "") -> tuple[str, ...]:
    """A sentence for every hero shot in a version of another shape that nobody framed, by a signature or as a draft. "As shot", chosen by
    a person, is framed.

    Args:   shape: what it is rendered in, where that is known: a framing without that shape does not count, and a version that is no
            shape version by the list is one all the same. Else only what versions.csv lists as another shape is looked at.
    Raises: FilmError: no such version.
    """
    name = _shape(shape)
    line = desk.family.line(version)
    if not name and not any(one.differs == "shape" for one in line):
        return ()
    found = {}
    for shot in cut(desk, version).shots:
        if shot.hero and shot.item is not None and (not name or differs(shot, name)) and not _framed(desk, version, shot.item, name):
            who = name or next((one.shape for one in line if one.shape), "") or "another shape"
            found[shot.item] = (
                f"{line[0].name}: shot {shot.number} is hero shot {shot.item} ({desk.items[shot.item].hero or desk.items[shot.item].flat}), and nobody framed it for {who}. "
                f"No machine does. Frame it on the Framing page of the room, or: answerprint choose framing:{shot.item}@{line[0].name} FILE (or \"as shot\")"
            )  # fmt: skip
    return tuple(found.values())


def _framed(desk: Desk, version: str, item: int, shape: str) -> bool:
    """Whether somebody framed a hero shot for this version, or for one from which it takes that over."""
    name: str | None = desk.family[version].name
    while name is not None:
        which = (str(Judgment.HERO_FRAMING), f"hero:{item}@{name}")
        draft, signed = desk.drafts.get(which), desk.decisions.get(which)
        for choice in (draft.choice if draft else None, signed.decided.choice if signed else None):
            if choice is not None and _counts(desk, choice, shape):
                return True
        name = desk.family.inherits(name, Judgment.HERO_FRAMING, desk.cuts)
    return False


def _counts(desk: Desk, choice: Mapping[str, str], shape: str) -> bool:
    from answerprint.model.records import AnswerprintError
    from answerprint.timeline import framing

    if "file" not in choice or not shape:
        return True
    try:
        return bool(framing.read((desk.path / choice["file"]).read_bytes()).paths.get(shape))
    except (OSError, AnswerprintError):
        return True  # a file of another kind stands as chosen; whether it can be read is said where it is used
