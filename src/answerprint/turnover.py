"""Turnover: synced clips leave as a timeline, a cut comes back. Every loss is listed with the clip it concerns."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from answerprint.keep import cache_key, write_whole
from answerprint.model.extend import ExtendError, Format, Loss, found, outside
from answerprint.model.records import AnswerprintError, Digest, Fact, Facts
from answerprint.relinking import known_media
from answerprint.rushes import shown
from answerprint.shoot import Shoot

if TYPE_CHECKING:
    from answerprint.plan import Unit
    from answerprint.production import Production
    from answerprint.timeline.diff import Change

__all__ = [
    "Arrived",
    "Exported",
    "TurnoverError",
    "clear_of_media",
    "diff",
    "enter",
    "export",
    "import_cut",
    "read_cut",
    "rough_cut",
    "rough_cuts",
    "safe_name",
    "synced_clip",
    "writer",
]

_VERSION = 1
_READ_AS = {".otioz": ".otio"}  #: bundles that a format's reader opens itself


class TurnoverError(AnswerprintError):
    """A timeline that cannot leave or cannot come back."""


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written, and what the format could not hold."""

    path: Path
    clips: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What was read: cuts as files in cuts/, what could not be read, and which media are not of this production."""

    paths: tuple[Path, ...]
    losses: tuple[Loss, ...]
    unmatched: tuple[str, ...]


@functools.cache
def formats() -> Mapping[str, Format]:
    """Every format by name, looked for once in a process. Other packages' formats are loaded here: writing and reading timelines touches no key and no record."""
    return MappingProxyType(found("formats", load_outside=bool(outside("formats"))))


def export(
    production: Production, format: str, clips: Sequence[Any], *, to: Path | None = None, options: Mapping[str, Any] | None = None
) -> Exported:
    """Write synced clips as dailies.

    Args:   format: "otio", "fcpxml", "xmeml", "edl", "ale" or another package's.  clips: `SyncedClip`s in shooting order.
            to: a file; None for cuts/TITLE_dailies.SUFFIX.
    Raises: TurnoverError where there is nothing to export or the format does not exist.
    """
    write, suffix = writer(format)
    if not clips:
        raise TurnoverError("there are no prepared clips to export. Run `answerprint prep` first.")
    from answerprint.timeline import dailies

    timeline = dailies.dailies(
        clips, title=f"{production.settings['title']} dailies", rate=production.settings.rate, size=production.settings.raster
    )
    data, losses = write(timeline, options or {})
    name = safe_name(production.settings["naming"].format(title=safe_name(production.settings["title"]), what="dailies"))
    path = clear_of_media(production, to, suffix) if to else production.path / "cuts" / f"{name}{suffix}"
    write_whole(path, data)
    about = [clip.digest for clip in clips if clip.digest]
    enter(production, "export", data, about, {"format": format, "what": "dailies", "file": shown(path.name)}, losses)
    return Exported(path=path, clips=len(clips), losses=tuple(losses))


def import_cut(production: Production, file: Path) -> Arrived:
    """Read a timeline back and match its media to this production's; the file itself is kept as it came.

    Raises: TurnoverError where no format reads it; the sentence says why.
    """
    timelines, losses, data = read_cut(file, rate=production.settings.rate)
    from answerprint.timeline.relink import relink

    known = known_media(Shoot(production).units)
    unmatched: list[str] = []
    paths = []
    write, _ = writer("otio")
    for number, timeline in enumerate(timelines, 1):
        found = relink(timeline, known)
        unmatched += found.unmatched
        suffix = "" if len(timelines) == 1 else f"_{number}"
        path = _free(production.path / "cuts" / f"{safe_name(file.stem)}{suffix}.otio")
        write_whole(path, write(found.timeline, {})[0])
        paths.append(path)
    lost = [*losses, *(Loss(clip="", says=says) for says in unmatched)]
    enter(production, "import", data, [], {"file": shown(file.name), "cuts": [shown(path.name) for path in paths]}, lost)
    return Arrived(paths=tuple(paths), losses=tuple(losses), unmatched=tuple(unmatched))


def clear_of_media(production: Production, to: Path, suffix: str = "") -> Path:
    """A place that somebody named for what is written: never among the media, never over a file of another kind.

    Raises: TurnoverError where a master could be replaced.
    """
    place, home = Path(os.path.realpath(to)), Path(os.path.realpath(production.path))
    media = [home / name for name in ("rushes", "sound", "assets")]
    media += [Path(os.path.realpath(home / os.path.expanduser(root))) for root in production.settings["media"]]
    ours = any(place.is_relative_to(home / name) for name in ("cuts", "out"))
    if not ours and any(place.is_relative_to(root) for root in media):
        raise TurnoverError(
            f"{shown(str(to))}: media lie there, and nothing is written among media. Choose another place, or leave --to out."
        )
    if suffix and place.is_file() and place.suffix.lower() != suffix:
        raise TurnoverError(
            f"{shown(str(to))}: a file of another kind is there and is not replaced. Choose a name that ends in {suffix}."
        )
    return to


def read_cut(file: Path, *, rate: Fraction | None = None) -> tuple[Sequence[Any], Sequence[Loss], bytes]:
    """The timelines in a file, by its suffix.

    Args:   rate: for formats that do not say how many frames a second they count (an EDL).
    Raises: TurnoverError where it is not there, or no format reads files of that suffix.
    """
    source = file / "Info.fcpxml" if file.is_dir() and file.suffix == ".fcpxmld" else file
    try:
        data = source.read_bytes()
    except OSError as cause:
        raise TurnoverError(f"{shown(str(file))}: this timeline cannot be read ({cause.strerror}).") from cause
    for one in formats().values():
        if one.read is not None and _READ_AS.get(source.suffix.lower(), source.suffix.lower()) == one.suffix:
            timelines, losses = one.read(data, {"name": shown(file.name), "rate": str(rate) if rate else None})
            return timelines, losses, data
    readable = ", ".join(sorted(one.suffix for one in formats().values() if one.read is not None))
    raise TurnoverError(
        f"{shown(file.name)}: no format here reads {source.suffix or 'a file without a suffix'}. These are read: {readable}."
    )


def rough_cuts(production: Production) -> dict[int, tuple[str, Digest]]:
    """Every rough cut that went out: its entry -> the file's name and the digest of what was in it."""
    record = production.reader()
    if record is None:
        return {}
    with record:
        left = [(entry.n, body) for entry in record.entries(kind="task") if (body := entry.read()) and body.get("task") == "export"]
    return {n: (body["file"], body["inputs"][-1]) for n, body in left if production.keep.facts(body["facts"]).value("export.what") == "rough"}


def rough_cut(production: Production, file: str, digest: Digest) -> Any:
    """A rough cut as it went out; None where its format is not read here or it is no single timeline.

    Args:   file: the name that it went out under.  digest: what was in it.
    Raises: KeepError: it is not kept any more.
    """
    read = next((one.read for one in formats().values() if one.read is not None and one.suffix == Path(file).suffix.lower()), None)
    timelines = read(production.keep.get(digest), {"name": file, "rate": str(production.settings.rate)})[0] if read else []
    return timelines[0] if len(timelines) == 1 else None


def diff(a: Path, b: Path, *, rate: Fraction | None = None) -> list[tuple[str, Change]]:
    """What changed from one cut to another: (timeline name, change) in the order of the cut.

    Args:   rate: for a file that does not say its own (an EDL); the other file's where not given.
    Raises: TurnoverError where either holds no timeline.
    """
    from answerprint.timeline import diff as law
    from answerprint.timeline.cut import cut_info

    read: dict[Path, Sequence[Any]] = {}
    for path in sorted((a, b), key=lambda one: one.suffix.lower() == ".edl"):
        read[path] = read_cut(path, rate=rate)[0]
        rate = rate or (cut_info(read[path][0]).rate if read[path] else None)
    before, after = read[a], read[b]
    for path, timelines in ((a, before), (b, after)):
        if not timelines:
            raise TurnoverError(f"{shown(path.name)}: there is no timeline in it to compare.")
    return [(after[0].name, change) for change in law.diff(before[0], after[0])]


def writer(format: str) -> tuple[Callable[[Any, Mapping[str, Any]], tuple[bytes, Sequence[Loss]]], str]:
    """How a format is written, and its suffix.

    Raises: TurnoverError for a format that is only read; ExtendError for one that does not exist.
    """
    chosen = _format(format)
    if chosen.write is None:
        raise TurnoverError(f"{format} can be read here, not written.")
    return chosen.write, chosen.suffix


def _format(name: str) -> Format:
    known = formats()
    if name not in known:
        raise ExtendError(f"there is no format called {name!r}. There are: {', '.join(sorted(known))}.")
    return known[name]


def synced_clip(shoot: Shoot, unit: Unit) -> Any:
    """A clip (or a sound without a camera) as the timeline room takes it; None for a clip whose picture is not known."""
    from answerprint.timeline.dailies import SyncedClip, SyncedSound

    if unit.is_clip and unit.info.video is None:
        return None
    sounds = {one.digest: one for one in shoot.sounds}
    held, why = [], None
    for certificate in shoot.certificates.get(unit.digest, []):
        sound = sounds.get(certificate["sound"])
        if certificate["abstained"] is not None or sound is None:
            why = why or certificate["abstained"]
            continue
        held.append(
            SyncedSound(
                media=sound.info,
                file=sound.file,
                path=str(sound.path or sound.file),
                digest=sound.digest,
                offset_s=Fraction(str(certificate["offset_s"])),
                drift_ppm=Fraction(str(certificate["drift_ppm"])),
            )
        )
    seen_as = unit.original or unit
    words = [word for word in (unit.info.camera and f"camera {unit.info.camera}", unit.info.reel) if word]
    return SyncedClip(
        media=unit.info,
        file=seen_as.file,
        path=str(seen_as.path or seen_as.file),
        digest=seen_as.digest,
        sounds=held,
        keywords=words,
        abstained=None if held else why,
    )


def enter(
    production: Production, task: str, data: bytes, inputs: Sequence[Digest], params: Mapping[str, Any], losses: Sequence[Loss]
) -> None:
    """Keep the file as it left or came, and enter it; the same file a second time is one entry."""
    digest = production.keep.put(data)
    names = list(dict.fromkeys([*inputs, digest]))
    key = cache_key(task=task, version=_VERSION, inputs=names, params=params, decoder="")
    facts = [Fact(about=digest, name=f"{task}.{name}", value=value, method="as asked") for name, value in params.items()]
    facts += [
        Fact(about=digest, name=f"{task}.loss", value={"clip": loss.clip, "says": loss.says}, method="the format")
        for loss in losses
    ]
    made = production.keep.put(Facts(task=task, version=_VERSION, inputs=tuple(names), facts=tuple(facts)).to_bytes())
    with production.writer() as record:
        if not record.has_key(key):
            body = {
                "schema": 1,
                "task": task,
                "version": _VERSION,
                "key": key,
                "inputs": names,
                "facts": made,
                "file": params["file"],
            }
            record.append("task", body)


def safe_name(name: str) -> str:
    """A title as a file name that every system takes, by the rule by which films are called."""
    from answerprint.delivery.naming import plain_name

    return plain_name(name) or "untitled"


def _free(path: Path) -> Path:
    """That path, or the next numbered one: an import never overwrites a cut."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return free
