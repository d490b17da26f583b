"""A version's sound laid out of the cleaned tracks: a file that a person may choose as the mix, and nothing before that."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint import finishing
from answerprint.cleaning import CleanedSound, CleaningError, Watch, alone, clean
from answerprint.desk import Desk
from answerprint.finishing import Made
from answerprint.keep import disk_sentence
from answerprint.model.charter import Execution
from answerprint.model.records import Bext, Digest
from answerprint.plan import small_digest
from answerprint.timekeeping import timed
from answerprint.turnover import safe_name

if TYPE_CHECKING:
    from answerprint.delivery.plan import Medium, Plan
    from answerprint.production import Production

__all__ = ["FOLDER", "Mix", "mix", "mixes"]

FOLDER = "cuts/mix"
_LAYOUT = "stereo"


@dataclass(frozen=True, kw_only=True)
class Mix:
    """A file to choose as the mix."""

    file: str  #: "cuts/mix/master cleaned.wav"
    version: str
    made: Made
    cleaned: tuple[str, ...]  #: sounds that are heard cleaned
    as_recorded: tuple[str, ...]  #: and those that are not: refused, brought by somebody, or of another kind
    says: tuple[str, ...]
    over: tuple[str, ...] = ()  #: what nobody planned and is heard in the sounds that were cleaned for it


@timed("mix of the cleaned tracks", Execution.CLEAN_UP)
def mix(production: Production, version: str, *, stems: bool = False, watch: Watch = lambda what, share: None) -> Mix:
    """Lay the sound of a version's cut out of the cleaned tracks, levels and fades as the cut carries them. What is not cleaned yet is cleaned.

    Args:   stems: dialogue, music and effects one after the other, six channels, instead of the two of the whole.
    Raises: CleaningError: it has no cut, nothing of it is heard from the shoot, or somebody else's file lies there under this name;
            DeliveryError: media are missing, or no sound of the cut says which stem it is; MediaError; what `watch` raises.
    """
    desk = Desk(production)
    version = desk.family[version].name
    if version not in desk.cuts:
        raise CleaningError(desk.cut_problems.get(version) or f"{version} has no cut yet. Choose one with `answerprint choose film cuts/FILE`.")
    plan = _plan(desk, version)
    apart: tuple[str, ...] = ()
    if stems:
        from answerprint.delivery.stems import known

        plan, apart = known(plan)
    units = {unit.digest: unit for unit in desk.shoot.units}
    refused = finishing.refused(production, "clean-up")
    used = list(dict.fromkeys(piece.medium for piece in plan.pieces))
    of = {key: units.get(plan.media[key].digest or "") for key in used}
    wanted = [unit.file for unit in of.values() if unit is not None and unit.file not in refused and not _music(desk, unit.digest)]
    if not wanted:
        raise CleaningError(f"the cut of {version} lets nothing be heard that could be cleaned: no sound of the shoot that is not refused.")
    there = {one.digest: one for one in clean(production, wanted, watch=watch)}
    plan = replace(plan, media={key: _instead(medium, there) for key, medium in plan.media.items()})
    file = f"{FOLDER}/{safe_name(version)} cleaned{' stems' if stems else ''}.wav"
    own = {digest for _, one in finishing.made(production, "clean-up").items() for digest in one.files.values()}
    place = desk.path / file
    if place.exists() and small_digest(place) not in own:
        raise CleaningError(f"{file} is not the one that was made here. Give it another name: a person's file is never written over.")
    with alone(production):
        over = _write(plan, place, stems, lambda share: watch(f"laying the sound of {version}", share))
    heard: list[str] = []
    plain: list[str] = []
    for key in used:
        unit = of[key]
        (heard if unit is not None and unit.digest in there else plain).append(unit.file if unit is not None else plan.media[key].name)
    says = [*apart, *([f"{over} samples were over full scale and are clipped; lower the levels in the cut."] if over else [])]
    says += [f"{name} is heard as it was recorded{', since its clean-up is refused' if name in refused else ''}." for name in plain]
    inputs: list[Digest] = [desk.cuts[version].written or "", *(plan.media[key].digest or "" for key in used)]
    values = {"mix": version, "cut": desk.cuts[version].seal, "sound": desk.cuts[version].sound, "cleaned": heard, "as recorded": plain, "stems": stems}
    made = finishing.propose(production, "clean-up", file, inputs=[one for one in inputs if one], files={file: small_digest(place)}, values=values, says=says)
    return Mix(file=file, version=version, made=made, cleaned=tuple(heard), as_recorded=tuple(plain), says=tuple(says),
               over=tuple(dict.fromkeys(named for one in there.values() for named in one.over)))  # fmt: skip


def mixes(production: Production) -> dict[str, Made]:
    """The mixes out of cleaned tracks that stand, by file."""
    return {file: one for file, one in finishing.made(production, "clean-up").items() if "mix" in one.values}


def _plan(desk: Desk, version: str) -> Plan:
    """The version's sound, from the originals."""
    from answerprint.delivery.conform import conform
    from answerprint.timeline.cut import cut_info, media_of

    timeline = desk.timeline(version)
    media: dict[str, Path] = {}
    for unit in desk.shoot.units:
        if unit.path is not None:
            for name in (unit.digest, unit.file, unit.file.rsplit("/", 1)[-1]):
                media.setdefault(name, unit.path)
    for brought in map(media_of, timeline.find_clips()):
        if brought.digest and brought.file and (place := desk.path / brought.file).is_file():
            media.setdefault(brought.digest, place)
    return conform(timeline, media, rate=cut_info(timeline).rate, size=(1920, 1080))


def _music(desk: Desk, digest: Digest) -> bool:
    facts = desk.shoot.facts(None).get("sounds")
    return any(row["sound"] == digest for row in (facts.value("sounds.playback", []) if facts else []))


def _instead(medium: Medium, there: Mapping[Digest, CleanedSound]) -> Medium:
    """The cleaned track in place of a medium; its channels are still what they were in the original."""
    from answerprint.media.probe import probe

    one = there.get(medium.digest or "")
    path = one.sound("cleaned") if one is not None else None
    if path is None or medium.info is None:
        return medium
    streams = medium.info.audio
    found = probe(path)
    layout = streams[0].layout if len(streams) == 1 else f"{len(streams)} streams"  # two mono streams are two microphones, not left and right
    return replace(medium, path=path, info=replace(found, audio=(replace(found.audio[0], layout=layout),), bext=medium.info.bext))


def _write(plan: Plan, place: Path, stems: bool, watch: Any) -> int:
    """Write the sound; it appears whole. Returns how many samples were over full scale."""
    import numpy as np

    from answerprint.delivery.mixing import STEMS, Sound
    from answerprint.delivery.plan import RATE_HZ
    from answerprint.media import bwf
    from answerprint.media.pcm import Writer
    from answerprint.model.time import round_half_up

    sounds: Sequence[Sound] = [Sound(plan, _LAYOUT, stem=stem) for stem in STEMS] if stems else [Sound(plan, _LAYOUT)]
    channels = sum(sound.channels for sound in sounds)
    bext = Bext(description=f"{plan.title}, cleaned tracks, for the cutting room", originator="Answerprint", time_reference=round_half_up(plan.start.seconds * RATE_HZ), rate=plan.rate, drop=plan.drop)
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with Writer(part, rate_hz=RATE_HZ, channels=channels, bits=24, chunks=bwf.described(bext, rate_hz=RATE_HZ, channels=channels)) as out:
            for first in range(0, plan.samples, RATE_HZ):
                count = min(RATE_HZ, plan.samples - first)
                block = np.concatenate([sound.block(first, count) for sound in sounds]).astype(np.float64)
                out.feed(np.clip(np.rint(block * 2**23), -(2**23), 2**23 - 1).astype(np.int32))
                watch((first + count) / plan.samples)
        os.replace(part, place)
    except OSError as cause:
        raise CleaningError(disk_sentence(cause, str(place.parent))) from cause
    finally:
        part.unlink(missing_ok=True)
    return sum(sound.clipped for sound in sounds)
