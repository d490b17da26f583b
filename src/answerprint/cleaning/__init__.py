"""Rough clean-up of the sound of a shoot, for the cutting room: every sound that is heard in an attempt, channel by channel.

The original is never touched. Beside it lie the cleaned sound and what was removed; each sound can be refused by itself. Nothing of it is
in a film by itself: `mix` lays a version's sound out of the cleaned tracks into a file, and a person may choose that file as the mix.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from answerprint import accidents, finishing
from answerprint.desk import nearest
from answerprint.finishing import Made
from answerprint.keep import cache_key, disk_sentence
from answerprint.model.charter import Execution
from answerprint.model.records import AnswerprintError, Digest
from answerprint.model.time import Timecode, TimecodeError
from answerprint.plan import decoder_version, small_digest
from answerprint.shoot import Shoot, timecode_of
from answerprint.timekeeping import timed

if TYPE_CHECKING:
    from answerprint.media.twins import Channel, Twins
    from answerprint.plan import Unit
    from answerprint.production import Production

__all__ = ["CleanedSound", "CleaningError", "Which", "alone", "called", "clean", "cleaned", "heard"]

VERSION = 2  #: another one makes every clean-up anew
Watch = Callable[[str, float], None]
Which = Literal["original", "cleaned", "removed"]
_TONE_S = Fraction(30)  #: of a recording of room tone that is listened to


class CleaningError(AnswerprintError):
    """A sound that cannot be cleaned."""


@dataclass(frozen=True, kw_only=True)
class CleanedSound:
    """One sound with its twins, as the record has it."""

    file: str  #: "sound/T001.wav"
    digest: Digest
    made: Made
    original: Path | None  #: None where its disk is not connected
    folder: Path  #: of cleaned.wav, removed.wav, peaks.npy, original.png, cleaned.png, removed.png
    refused: bool

    @property
    def over(self) -> tuple[str, ...]:
        """What nobody planned and is heard in it: cleaned over, and whole in the original."""
        return tuple(self.made.values.get("over", ()))

    @property
    def there(self) -> bool:
        """Whether the files are in the cache; where not, `clean` makes the same again."""
        return (self.folder / "made.json").is_file()

    def sound(self, which: Which) -> Path | None:
        """The file to play; all three have the same length and start (a clip's original begins with its first picture)."""
        return self.original if which == "original" else self.folder / f"{which}.wav"

    def picture(self, which: Which) -> Path:
        """A picture of it, PNG, 1200 x 128: time, pitch from 40 Hz to 20 kHz, loudness."""
        return self.folder / f"{which}.png"

    def peaks(self, which: Which) -> list[tuple[int, int]]:
        """Its waveform: lowest and highest of each hundredth of a second over all channels, full scale 127."""
        import numpy as np

        rows = np.load(self.folder / "peaks.npy", mmap_mode="r")[("original", "cleaned", "removed").index(which)]
        return [(int(low), int(high)) for low, high in rows]


@timed("clean-up", Execution.CLEAN_UP)
def clean(production: Production, sounds: Sequence[str] = (), *, watch: Watch = lambda what, share: None) -> tuple[CleanedSound, ...]:
    """Clean sounds and write down what was done; what was cleaned before is not cleaned again.

    Args:   sounds: names; every sound that is heard in an attempt where none is given, but for those that somebody refused.
            watch: called with (what, share done); what it raises stops the work, and what was finished stays.
    Returns: those sounds, in shooting order.
    Raises: CleaningError: there is no such sound, none has an attempt yet, its disk is not connected, another program is at it, the disk is
            full.  MediaError: one cannot be read.
    """
    shoot = Shoot(production)
    units = [_named(shoot, name) for name in dict.fromkeys(sounds)] if sounds else _left(production, heard(shoot))
    desk = accidents.touched(production)
    with alone(production):
        for unit in units:
            over = accidents.heard_in(desk, unit.digest) if desk is not None else ()
            _clean(production, shoot, unit, [accidents.named(one) for one in over], watch)
    wanted = {unit.digest for unit in units}
    return tuple(one for one in cleaned(production, shoot).values() if one.digest in wanted)


def cleaned(production: Production, shoot: Shoot | None = None) -> dict[str, CleanedSound]:
    """Every sound that was cleaned and that the shoot still has as it was, by its file, in the order in which each was first cleaned."""
    shoot = shoot or Shoot(production)
    by_digest = {unit.digest: unit for unit in shoot.units}
    refused = finishing.refused(production, "clean-up")
    found = {}
    for file, made in finishing.made(production, "clean-up").items():
        unit = by_digest.get(made.inputs[0]) if made.inputs else None
        if unit is None or "key" not in made.values:
            continue  # a mix, or a sound that is another one now
        folder = production.cache.path(str(made.values["key"]), "cleaned.wav").parent
        found[file] = CleanedSound(file=file, digest=unit.digest, made=made, original=unit.path, folder=folder, refused=file in refused)
    return found


def heard(shoot: Shoot) -> list[Unit]:
    """The sounds that attempts are heard in: recorder sounds that are synced to a clip with attempts or hold attempts themselves; a clip's own
    sound where no recorder ran with it. In shooting order; without music that was played back, room tone that no clip is synced to, and what is silent."""
    from answerprint.assistant import Table

    table = Table(shoot.production)
    sounds = {unit.digest: unit for unit in table.shoot.sounds}
    facts = table.shoot.facts(None).get("sounds")
    played, tones = ({row["sound"] for row in (facts.value(f"sounds.{name}", []) if facts else [])} for name in ("playback", "room_tone"))
    found: dict[Digest, Unit] = {}
    for unit, _, _ in table.tries:
        synced = [row["sound"] for row in table.shoot.certificates.get(unit.digest, []) if row["abstained"] is None and row["sound"] in sounds]
        for digest in synced or ([] if unit.digest in tones else [unit.digest]):  # what rolls on after a take may be room tone; the take is none
            found.setdefault(digest, sounds.get(digest, unit))
    return [unit for digest, unit in found.items() if digest not in played and unit.info.audio and not _value(table.shoot, unit, "sound.silent")]


@contextlib.contextmanager
def alone(production: Production) -> Iterator[None]:
    """Hold a production's clean-ups for one program; what a killed one left is swept.

    Raises: CleaningError: another one has them, or the disk refuses.
    """
    from answerprint.run import locked

    place = production.inside / "cache"
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = open(production.inside / "clean.lock", "a+b")
    except OSError as cause:
        raise CleaningError(disk_sentence(cause, str(production.inside))) from cause
    with lock:
        if not locked(lock.fileno()):
            raise CleaningError("sounds of this production are being cleaned at this moment, here or in the room. Wait until that is done.")
        for old in place.glob(".cleaning-*"):
            shutil.rmtree(old, ignore_errors=True)
        yield


# ---- which


def called(production: Production, name: str) -> str:
    """What a clean-up that stands is about, by the name that somebody gave it.  Raises: CleaningError: there is none."""
    known = [*finishing.made(production, "clean-up")]
    found = [one for one in known if name.casefold() in (one.casefold(), Path(one).name.casefold(), Path(one).stem.casefold())]
    if len(found) != 1:
        raise CleaningError(f"{name} may be {' or '.join(found)}. Name one of them." if found else f"nothing was cleaned that is called {name!r}. {nearest(name, (Path(one).name for one in known))}")
    return found[0]

def _named(shoot: Shoot, name: str) -> Unit:
    """A sound that somebody named: "sound/T001.wav", "T001.wav", "T001".  Raises: CleaningError."""
    spoken = name.casefold()
    for said in (lambda unit: unit.file, lambda unit: Path(unit.file).name, lambda unit: Path(unit.file).stem):
        found = [unit for unit in shoot.units if said(unit).casefold() == spoken]
        if len(found) == 1:
            if not found[0].info.audio:
                raise CleaningError(f"{found[0].file} has no sound, so there is nothing to clean.")
            return found[0]
        if found:
            raise CleaningError(f"{name} may be {' or '.join(unit.file for unit in found)}. Name one of them.")
    raise CleaningError(f"there is no clip and no sound called {name!r}. {nearest(name, (Path(unit.file).name for unit in shoot.units if unit.info.audio))}")


def _left(production: Production, units: Iterable[Unit]) -> list[Unit]:
    """Without those that somebody refused. Raises: CleaningError: nothing is left."""
    found, refused = list(units), finishing.refused(production, "clean-up")
    if not found:
        raise CleaningError("no attempt with sound is known yet. Run prep first: answerprint prep FOLDER")
    return [unit for unit in found if unit.file not in refused]


def _value(shoot: Shoot, unit: Unit, name: str) -> Any:
    return next((facts.value(name) for facts in shoot.facts(unit).values() if facts.value(name) is not None), None)


# ---- how


def _clean(production: Production, shoot: Shoot, unit: Unit, over: Sequence[str], watch: Watch) -> None:
    """Clean one sound, unless that is done, and write it down with what nobody planned in it."""
    from answerprint.media import rnnoise, strips, twins
    from answerprint.media.probe import probe

    leave = {row["channel"]: _why(row) for row in _value(shoot, unit, "sound.channels") or [] if row["ltc"] or row["dead"]}
    tone, tone_span = _tone(shoot, unit)
    inputs = [unit.digest, *([tone.digest] if tone is not None else [])]
    params = {"leave": {str(channel): why for channel, why in leave.items()}, "tone": [str(one) for one in tone_span]}
    key = cache_key(task="clean", version=VERSION, inputs=inputs, params=params, decoder=f"{decoder_version()}, {rnnoise.version()}")
    told = f"cleaning {unit.file}"
    if not production.cache.has(key):
        if unit.path is None:
            raise CleaningError(f"{unit.file} is on a disk that is not connected. Connect it, then clean it.")
        watch(told, 0.0)
        try:
            with tempfile.TemporaryDirectory(dir=production.inside / "cache", prefix=".cleaning-", ignore_cleanup_errors=True) as scratch:
                into = Path(scratch)
                made = twins.make(unit.path, unit.info, into, leave=leave, tone=_samples(tone, tone_span), watch=lambda share: watch(told, 0.95 * share))
                for which in ("original", "cleaned", "removed"):
                    path = unit.path if which == "original" else into / f"{which}.wav"
                    (into / f"{which}.png").write_bytes(strips.strip(path, unit.info if which == "original" else probe(path)))
                (into / "report.json").write_text(json.dumps(_report(shoot, unit, made, into)), encoding="utf-8")
                production.cache.publish(key, into)
        except OSError as cause:
            raise CleaningError(disk_sentence(cause, str(production.inside / "cache"))) from cause
    report = json.loads(production.cache.path(key, "report.json").read_bytes())
    place = production.cache.path(key, "cleaned.wav").parent.relative_to(production.path)
    files: dict[str, bytes | Digest] = {f"{place.as_posix()}/{name}": digest for name, digest in report["files"].items()}
    values = {"key": key, **report["values"]} | ({"over": list(over)} if over else {})
    finishing.propose(production, "clean-up", unit.file, inputs=inputs, files=files, values=values, says=report["says"])
    watch(told, 1.0)


def _why(row: Mapping[str, Any]) -> str:
    return "it carries timecode" if row["ltc"] else "nothing is on it"


def _tone(shoot: Shoot, unit: Unit) -> tuple[Unit | None, tuple[Fraction, ...]]:
    """A recording of room tone for a set-up that this sound was recorded in, and where in it the tone lies."""
    takes, facts = shoot.facts(None).get("takes"), shoot.facts(None).get("sounds")
    scenes = {row["clip"]: {one.get("scene") or one.get("slate") for one in row["attempts"]} for row in (takes.value("takes", []) if takes else [])}
    setups: set[str | None] = set(scenes.get(unit.digest, set()))
    for clip, rows in shoot.certificates.items():
        if any(row["sound"] == unit.digest and row["abstained"] is None for row in rows):
            setups |= scenes.get(clip, set())
    known = {one.digest: one for one in shoot.units}
    for row in facts.value("sounds.room_tone", []) if facts else []:
        if row["setup"] is not None and row["setup"] in setups and (found := known.get(row["sound"])) is not None and found.path is not None:
            return found, (Fraction(str(row["in_s"])), Fraction(str(row["out_s"])))
    return None, ()


def _samples(tone: Unit | None, span: tuple[Fraction, ...]) -> Any:
    if tone is None or tone.path is None:
        return None
    import numpy as np

    from answerprint.media import audio
    from answerprint.signal.cleaning import RATE_HZ

    return audio.read(tone.path, tone.info, start_s=span[0], duration_s=min(span[1] - span[0], _TONE_S), rate_hz=RATE_HZ).mono().astype(np.float64)


# ---- what is said


def _report(shoot: Shoot, unit: Unit, made: Twins, folder: Path) -> dict[str, Any]:
    """What the record says of a clean-up: numbers as decimal text, places as timecode where the sound has one."""
    from answerprint.media import rnnoise
    from answerprint.signal.cleaning.noise import FLOOR_DB
    from answerprint.signal.cleaning.tones import LEFT_DB

    start = timecode_of(unit, shoot.facts(unit))
    values = {
        "by": rnnoise.version() if made.denoised else "none", "rate_hz": made.rate_hz, "bits": made.bits, "samples": made.samples,
        "noise_down_db": f"{FLOOR_DB:.1f}" if made.denoised else None, "tones_down_db": f"{LEFT_DB:.1f}", "channels": [_channel(one, _clock(shoot, unit, start)) for one in made.channels],
    }  # fmt: skip
    says = [f"Channel {one.channel} is left alone: {one.left_alone}." for one in made.channels if one.left_alone]
    says += [f"Channel {one.channel}: {len(one.empty)} gaps stay empty; no room tone is known for them." for one in made.channels if one.empty]
    says += [] if made.denoised else [rnnoise.MISSING]
    says += [note if note.endswith(".") else f"{note}." for note in made.notes]
    files = {name: small_digest(folder / name) for name in ("cleaned.wav", "removed.wav")}
    return {"values": values, "says": says, "files": files}


def _channel(one: Channel, clock: Callable[[float], str]) -> dict[str, Any]:
    return {
        "channel": one.channel, "left_alone": one.left_alone, "hum_hz": _text(one.hum_hz, 2),
        "tones": [{"hz": _text(hz, 1), "dbfs": _text(dbfs, 1)} for hz, dbfs in one.tones],
        "floor_dbfs": [_text(level, 1) for level in one.floor_dbfs], "rumble_dbfs": [_text(level, 1) for level in one.rumble_dbfs],
        "clicks": len(one.clicks), "clicks_at": [clock(at) for at in one.clicks[:8]],
        "gaps": [{"at": clock(low), "seconds": _text(high - low, 3)} for low, high in one.gaps],
    }  # fmt: skip


def _text(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:.{digits}f}"


def _clock(shoot: Shoot, unit: Unit, start: str | None) -> Callable[[float], str]:
    """Seconds in a sound as its timecode; where it has none, counted from its beginning at the production's rate."""
    rate = unit.info.timecode_rate or (unit.info.video.rate if unit.info.video is not None else None) or shoot.production.settings.rate
    try:
        first = Timecode.parse(start or "00:00:00:00", rate=rate)
    except TimecodeError:
        first = Timecode(frames=0, rate=rate)
    return lambda at_s: str(first.plus(int(at_s * rate)))
