"""What is in a version that somebody may hold rights in: what it shows and plays, what was chosen for it, and what the machine did to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from answerprint import finishing
from answerprint.desk import FILM, Desk
from answerprint.film import Cut
from answerprint.model.charter import Judgment

if TYPE_CHECKING:
    from answerprint.films import Asked

__all__ = ["Within", "within"]

_MIXES = "cuts/mix/"  #: where a mix lies that was laid out of cleaned sounds
_CLEANED = "went into the mix cleaned by a noise-reduction network"
_REFRAMED = "is reframed by the machine"
_GENERATED = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia")  #: IPTC's digital source types, as credentials name them
_OURS = ("assets", "cuts", "rushes", "sound")  #: folders of a production whose pictures are artwork, lettering and shots, and no stock


@dataclass(frozen=True, kw_only=True)
class Within:
    """One version. Files as the production calls them."""

    named: Mapping[str, str]  #: every file in it -> where it stands, as the cut names that: "MX TEMP", or ""
    needing: Mapping[str, str]  #: those that need a right listed -> "music", "stock" or "generated"
    generated: Mapping[str, str]  #: those that were generated -> how that is known, after the file's name
    machined: Mapping[str, str]  #: those that a trained network worked on -> what it did


def within(desk: Desk, cut: Cut, asked: Asked | None) -> Within:
    """What is in a version.

    The sound of the cutting room is in it only where nobody chose a mix that is a file. Args: asked: whose films' own credentials are known.
    """
    chosen = {judgment: _chosen(desk, cut.version, judgment) for judgment in (Judgment.MUSIC_BED, Judgment.MIX, Judgment.GRADE)}
    bed, mix, grade = (chosen[one] for one in (Judgment.MUSIC_BED, Judgment.MIX, Judgment.GRADE))
    stands = _stands(desk, cut.version)
    named = {file: stands.get(file, "") for file in (*cut.picture, *(() if mix else cut.heard))}
    named |= {file: "" for file in (bed, mix, grade) if file}
    generated = _generated(named, cut, desk, asked)
    needing = {bed: "music"} if bed else {}
    shoot = {*desk.names.values(), *desk.shoot.waiting}
    for file in named:
        if file in generated:
            needing[file] = "generated"
        elif file not in (bed, mix, grade) and (what := _brought(file, cut, file in shoot, named[file])):
            needing.setdefault(file, what)
    return Within(named=named, needing=needing, generated=generated, machined=dict(_machined(desk, cut, mix)))


def _chosen(desk: Desk, version: str, judgment: Judgment) -> str:
    """The file that a judgment of a version comes to: signed where it is, else the draft; "" where it is none."""
    now: str | None = version
    while now is not None:
        which = str(judgment), f"{FILM}:{now}"
        signed, draft = desk.decisions.get(which), desk.drafts.get(which)
        if signed is not None or draft is not None:
            return str((signed.decided.choice if signed is not None else draft.choice if draft is not None else {}).get("file", ""))
        now = desk.family.inherits(now, judgment, desk.cuts)
    return ""


def _stands(desk: Desk, version: str) -> dict[str, str]:
    """Where each file of a cut stands: the names of its tracks, clips and roles there."""
    from answerprint.timeline.cut import ClipInfo, info, media_of

    timeline = desk.timeline(version)
    found: dict[str, dict[str, None]] = {}
    for clip in timeline.find_clips() if timeline is not None else ():
        media, says = media_of(clip), info(clip, ClipInfo)
        parent = clip.parent()
        words = found.setdefault(media.file or media.name, {})
        words |= dict.fromkeys(filter(None, (getattr(parent, "name", ""), clip.name, *(says.roles if says is not None else ()))))
    return {file: ", ".join(words) for file, words in found.items()}


def _words(file: str) -> set[str]:
    """The words of a file's place in the production; of one that lies elsewhere, of its name."""
    path = PurePosixPath(file.replace("\\", "/").casefold())
    return set(re.findall(r"[^\W\d_]+", path.name if path.is_absolute() else str(path)))


def _brought(file: str, cut: Cut, shot: bool, stands: str) -> str:
    """What something in the cut is that nobody here shot or recorded: "stock", "music", or "" for what needs no row of its own."""
    words = _words(file)
    if "stock" in words:
        return "stock"
    if shot:
        return ""
    if file in cut.picture and file not in cut.replaceable and PurePosixPath(file.replace("\\", "/")).parts[0] not in _OURS:
        return "stock"
    if file in cut.heard:
        from answerprint.delivery.stems import stem_of

        return "music" if "music" in (stem_of((), " ".join(words)), stem_of((), stands)) else ""
    return ""


def _generated(named: Mapping[str, str], cut: Cut, desk: Desk, asked: Asked | None) -> dict[str, str]:
    found = {file: "lies under a name that says it is generated" for file in named if "generated" in _words(file)}
    own = {digest: says for film in asked.standing(desk, cut.version) for digest, says in film.own.items()} if asked is not None else {}
    for file, digest in cut.digests.items():
        if file in named and own.get(digest, "").rpartition(": ")[2] in _GENERATED:
            found[file] = "says in its own credentials that it was generated by a trained model (AI)"
    return found


def _machined(desk: Desk, cut: Cut, mix: str) -> Iterator[tuple[str, str]]:
    """What a trained network did to something that is in this version, as the record has it; a refused piece is not in it."""
    if mix.startswith(_MIXES):
        refused = finishing.refused(desk.production, "clean-up")
        for about in finishing.made(desk.production, "clean-up"):
            if about not in refused and about in cut.heard:
                yield about, _CLEANED
    refused = finishing.refused(desk.production, "reframing")
    for about in finishing.made(desk.production, "reframing"):
        version, _, clip = about.partition(": ")
        if about not in refused and version.startswith(f"{cut.version} shot "):
            yield from ((file, _REFRAMED) for file in cut.picture if PurePosixPath(file).stem == PurePosixPath(clip).stem)
