"""The clips and sounds of a shoot: each file as it was sealed, and one unit for one digest, wherever its copies lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath

from answerprint.model.records import Digest, Facts, MediaInfo, Problem, from_plain

__all__ = ["Medium", "Sighting", "Unit", "named_looks", "tied", "units_from"]

_LOOKS = (".cube", ".3dl", ".cc", ".ccc", ".cdl")


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One file as it was sealed: where, on which volume, and what reading it said."""

    file: str
    digest: Digest
    volume: str
    mhl: str | None
    path: Path | None  #: None where its disk is not connected now
    companions: tuple[Path, ...]
    ingest: Digest
    ingested: Facts


@dataclass(frozen=True, kw_only=True)
class Medium:
    """One file as a task is given it."""

    file: str
    digest: Digest
    path: Path | None  #: None where no disk that holds it is connected
    companions: tuple[Path, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unit(Medium):
    """One clip or sound of the shoot: one digest, wherever its copies lie."""

    info: MediaInfo
    ingest: Digest  #: its facts file
    volumes: tuple[str, ...] = ()
    mhl: str | None = None  #: the MHL it was verified against, None where no MHL speaks of it
    original: Medium | None = None  #: the camera original that this proxy stands in for

    @property
    def is_clip(self) -> bool:
        return self.info.kind != "sound"


def units_from(sightings: Iterable[Sighting]) -> list[Unit]:
    """The units of a shoot from its sightings: one for each digest, the first name wins, volumes are gathered."""
    units: dict[Digest, Unit] = {}
    for one in sightings:
        first = units.get(one.digest)
        if first is None:
            units[one.digest] = Unit(
                file=one.file,
                digest=one.digest,
                info=from_plain(MediaInfo, one.ingested.value("media.info")),
                path=one.path,
                ingest=one.ingest,
                companions=one.companions,
                volumes=(one.volume,),
                mhl=one.mhl,
            )
        else:
            volumes = first.volumes if one.volume in first.volumes else (*first.volumes, one.volume)
            units[one.digest] = replace(first, path=first.path or one.path, volumes=volumes, mhl=first.mhl or one.mhl)
    return list(units.values())


def tied(units: Sequence[Unit]) -> tuple[list[Unit], list[Problem]]:
    """Camera originals that do not open here and the proxies that stand in for them, as one clip each; the rest as it is.

    Returns: the units, and a problem for each original that no proxy fits.
    """
    originals = {Path(unit.file): unit for unit in units if unit.info.kind == "camera original"}
    if not originals:
        return list(units), []
    from answerprint.media.originals import tie

    others = {Path(unit.file): unit for unit in units if unit.info.kind == "clip"}
    ties = tie({path: unit.info for path, unit in originals.items()}, {path: unit.info for path, unit in others.items()})
    stands_for = {others[one.proxy].digest: originals[one.original] for one in ties if one.proxy is not None}
    hidden = {unit.digest for unit in stands_for.values()}
    out = [
        replace(unit, original=Medium(file=original.file, digest=original.digest, path=original.path))
        if (original := stands_for.get(unit.digest)) is not None
        else unit
        for unit in units
        if unit.digest not in hidden
    ]
    return out, [Problem(file=originals[one.original].file, says=one.says or "") for one in ties if one.proxy is None]


def named_looks(unit: Unit) -> list[Path]:
    """Look files in the clip's folder that its own metadata names, with or without their suffix, in any case."""
    names = set()
    for key, value in unit.info.tags.items():
        name = PureWindowsPath(value.strip()).name.casefold()
        if name.endswith(_LOOKS):
            names.add(name)
        elif name and "LUT" in key.upper():
            names |= {name, f"{name}.cube"}
    if unit.path is None or not names:
        return []
    try:
        return sorted(path for path in unit.path.parent.iterdir() if path.name.casefold() in names and path.is_file())
    except OSError:
        return []
