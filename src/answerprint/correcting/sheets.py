"""A shoot's corrections as files: .cc for each clip, one .ccc, an EDL and an ALE with ASC_SOP and ASC_SAT, and a sheet to look at."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.correcting.clips import Clip, CorrectingError
from answerprint.correcting.solving import PLAIN
from answerprint.keep import write_whole
from answerprint.plan import digest_of, small_digest

if TYPE_CHECKING:
    from answerprint.correcting import _Work as Work
    from answerprint.media.cube import Cdl
    from answerprint.production import Production

__all__ = ["SHEET", "cc", "ccc", "hands_off", "write", "write_lists"]

FOLDER = "cuts/correction"
SHEET = "before and after.png"
_LISTS = (".cc", ".ccc", ".edl", ".ale")
_SPACE = "urn:ASC:CDL:v1.01"  #: of the ASC CDL 1.2 schema's XML, as OpenColorIO and grading programs write it


def cc(name: str, cdl: Cdl, says: Sequence[str] = ()) -> bytes:
    """One correction as a .cc file."""
    from lxml import etree  # type: ignore[import-untyped]

    return _text(_node(etree, name, cdl, says, space=_SPACE))


def ccc(corrections: Iterable[tuple[str, Cdl]]) -> bytes:
    """Corrections as one .ccc, each under its clip's name."""
    from lxml import etree

    root = etree.Element("ColorCorrectionCollection", nsmap={None: _SPACE})
    for name, cdl in corrections:
        root.append(_node(etree, name, cdl, ()))
    return _text(root)


def _node(etree: Any, name: str, cdl: Cdl, says: Sequence[str], space: str | None = None) -> Any:
    node = etree.Element("ColorCorrection", id=name, **({"nsmap": {None: space}} if space else {}))
    sop, sat = etree.SubElement(node, "SOPNode"), etree.SubElement(node, "SatNode")
    for line in says:
        etree.SubElement(sop, "Description").text = "".join(char if char.isprintable() else " " for char in line)
    for tag, values in (("Slope", cdl.slope), ("Offset", cdl.offset), ("Power", cdl.power)):
        etree.SubElement(sop, tag).text = " ".join(f"{value:.6f}" for value in values)
    etree.SubElement(sat, "Saturation").text = f"{cdl.saturation:.6f}"
    return node


def _text(root: Any) -> bytes:
    from lxml import etree

    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def write(production: Production, works: Sequence[Work], *, refused: frozenset[str]) -> list[Path]:
    """Every file of a shoot's corrections, and the sheet."""
    from answerprint.correcting.comparing import sheet

    standing = {work.clip.file: work.cdl for work in works if work.cdl is not None}
    paths = write_lists(production, [work.clip for work in works if work.seen is not None], standing, refused=refused)
    made = sheet([work for work in works if work.cdl is not None and work.clip.file not in refused])
    place = production.path / FOLDER / SHEET
    if made is None:
        with contextlib.suppress(OSError):
            place.unlink()
        return paths
    write_whole(place, made)
    return [*paths, place]


def write_lists(production: Production, clips: Sequence[Clip], standing: Mapping[str, Cdl], *, refused: frozenset[str]) -> list[Path]:
    """The lists: every clip that was looked at and is not refused, with its correction or with its own CDL as it is.

    A list that would be empty is not written, and one that was there goes; the same holds for a .cc. What somebody changed or laid there stays.
    Raises: CorrectingError: somebody changed a file that would be written.
    """
    folder = production.path / FOLDER
    twice = {name for name, count in Counter(clip.name.casefold() for clip in clips).items() if count > 1}
    listed = [clip for clip in clips if clip.file not in refused and clip.name.casefold() not in twice]
    whole = {clip.file: standing.get(clip.file) or _own(clip) for clip in listed}
    wanted: dict[str, bytes] = {f"{clip.name}.cc": cc(clip.name, whole[clip.file]) for clip in listed if clip.file in standing}
    if listed and wanted:
        wanted["correction.ccc"] = ccc((clip.name, whole[clip.file]) for clip in listed)
        wanted |= _programs(production, listed, whole)
    ours = _ours(production)
    for old in folder.glob("*"):
        if old.name not in wanted and old.suffix in _LISTS and small_digest(old) in ours:
            with contextlib.suppress(OSError):
                old.unlink()
    if theirs := [name for name in wanted if small_digest(folder / name) not in ("missing", *ours)]:
        raise CorrectingError(_changed(theirs[0]))
    names = {digest_of(data): [clip.file for clip in listed if clip.file in standing and (not name.endswith(".cc") or name == f"{clip.name}.cc")] for name, data in wanted.items()}
    finishing.enlist(production, "correction", names)
    for name, data in wanted.items():
        write_whole(folder / name, data)
    return [folder / name for name in wanted]


def hands_off(production: Production) -> None:
    """Before anything is measured or said. Raises: CorrectingError: somebody changed one of the lists since it was made."""
    folder, ours = production.path / FOLDER, _ours(production)
    for place in sorted(folder.glob("correction.*")):
        if place.suffix in _LISTS and small_digest(place) not in ours:
            raise CorrectingError(_changed(place.name))


def _ours(production: Production) -> frozenset[str]:
    """The digests of every list that was ever written here."""
    return frozenset(digest for one in finishing.lists(production) if one.what == "correction" for digest in one.of)


def _changed(name: str) -> str:
    return f"{FOLDER}/{name}: somebody changed it since it was made, or laid it there; it is not written over. Put it into assets/ and choose it there as the grade, or take it away."


def _own(clip: Clip) -> Cdl:
    from answerprint.media.cube import Cdl

    return next((step for step in (clip.look.steps if clip.look is not None else ()) if isinstance(step, Cdl)), PLAIN)


def _programs(production: Production, listed: Sequence[Clip], whole: Mapping[str, Cdl]) -> dict[str, bytes]:
    """The clips back to back, each with its CDL, as an EDL and an ALE."""
    from answerprint.timeline.dailies import SyncedClip, dailies
    from answerprint.turnover import writer

    rate = production.settings.rate
    laid = [SyncedClip(media=clip.unit.info, file=clip.file, path=str(clip.path or clip.file), digest=clip.digest) for clip in listed]
    timeline = dailies(laid, title=f"{production.settings['title']} correction", rate=rate, size=production.settings.raster)
    for item, clip in zip((one for track in timeline.video_tracks() for one in track.find_clips()), listed, strict=True):
        cdl = whole[clip.file]
        item.metadata["cdl"] = {"asc_sop": {"slope": list(cdl.slope), "offset": list(cdl.offset), "power": list(cdl.power)}, "asc_sat": cdl.saturation}
    made = {}
    for format, options in (("edl", {"flavour": "cmx3600" if len(listed) <= 999 else "file32", "audio": "no"}), ("ale", {})):
        if rate <= 60:
            write, suffix = writer(format)
            made[f"correction{suffix}"] = write(timeline, options)[0]
    return made
