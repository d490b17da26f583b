"""The assistant's table: every attempt as it is strung, with its words, its sound, its picture and its place on the lined script. Nothing is chosen."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from answerprint.model.attempts import Attempt, Covered, Heard, OffScript
from answerprint.model.records import AnswerprintError, from_plain
from answerprint.model.time import Span, Timecode, TimecodeError, floor_frames
from answerprint.plan import Unit
from answerprint.shoot import Shoot, timecode_of
from answerprint.turnover import synced_clip

if TYPE_CHECKING:
    from answerprint.media.reel import Shot
    from answerprint.media.sheet import Row
    from answerprint.production import Production
    from answerprint.script.lining_sheet import LinedTake
    from answerprint.timeline.strings import Strung

__all__ = ["AssistantError", "Table", "first_timecode", "shot_at"]


class AssistantError(AnswerprintError):
    """Something that cannot be laid out yet."""


class Table:
    """The shoot as the assistant lays it out: every attempt with its clip and what it covers, in shooting order."""

    def __init__(self, production: Production) -> None:
        self.production = production
        self.shoot = Shoot(production)
        self.script = self.shoot.script()
        attempts, self._covered = self.shoot.attempts(), self.shoot.covered()
        self.tries: list[tuple[Unit, Attempt, tuple[Covered, ...]]] = []
        for unit in sorted(self.shoot.clips, key=shot_at):
            self._add(unit, [from_plain(Attempt, one) for one in attempts.get(unit.digest, [])])
        for unit in self.shoot.sounds:
            lining = self.shoot.facts(unit).get("lining")
            found = [from_plain(Attempt, one) for one in lining.value("lining.attempts", [])] if lining else []
            self._add(unit, found)

    def _add(self, unit: Unit, attempts: Sequence[Attempt]) -> None:
        covered = [from_plain(Covered, one) for one in self._covered.get(unit.digest, [])]
        for attempt in attempts:
            self.tries.append((unit, attempt, tuple(one for one in covered if one.attempt == attempt.number)))

    def said(self, unit: Unit, name: str, kind: type[Any]) -> list[Any]:
        """The records of one fact of the lining of a clip or sound."""
        lining = self.shoot.facts(unit).get("lining")
        return [from_plain(kind, one) for one in lining.value(name, [])] if lining else []

    def words(self, unit: Unit) -> list[Heard]:
        """Every word that was heard in a clip or sound."""
        facts = self.shoot.facts(unit).get("transcript")
        rows = facts.value("transcript.words", []) if facts else []
        return [Heard(text=text, in_s=in_s, out_s=out_s, probability=probability) for in_s, out_s, text, probability in rows]

    def sound(self, unit: Unit) -> list[Span] | None:
        """Where anything sounds in a clip, in seconds from its first frame; None where its synced sound is not at hand."""
        path = self.shoot.plan.artefacts(unit, self.production.cache).get("synced/heard.npy")
        if path is None or not path.exists():
            return None
        import numpy as np

        from answerprint.signal.sounding import sounding

        heard = np.load(path, mmap_mode="r").astype(np.float32) / np.float32(32768)
        return [Span(start_s=Fraction(first, 100), end_s=Fraction(last, 100)) for first, last in sounding(heard, rate_hz=16_000)]

    def items(self) -> list[Any]:
        """The items of the script; none where there is no script."""
        return list(self.script.items) if self.script else []

    def strung(self) -> list[Strung]:
        """Every attempt as a timeline takes it."""
        return list(self._strung)

    @functools.cached_property
    def _strung(self) -> list[Strung]:
        from answerprint.timeline.strings import Strung

        out = []
        clips: dict[str, Any] = {}
        for unit, attempt, covered in self.tries:
            if unit.digest not in clips:
                clips[unit.digest] = synced_clip(self.shoot, unit)
            if clips[unit.digest] is not None:
                out.append(Strung(clip=clips[unit.digest], attempt=attempt, covered=covered))
        return out

    def _proxy(self, strung: Strung) -> Path | None:
        unit = self.unit(strung)
        return self.shoot.plan.artefacts(unit, self.production.cache).get("picture/proxy.mp4")

    def unit(self, strung: Strung) -> Unit:
        return self._by_digest[str(strung.clip.digest)]

    @functools.cached_property
    def _by_digest(self) -> dict[str, Unit]:
        """Every clip and sound by its digest; a camera original's leads to the proxy that stands in for it."""
        originals = {unit.original.digest: unit for unit in self.shoot.units if unit.original}
        return originals | {unit.digest: unit for unit in self.shoot.units}

    def shot(self, strung: Strung) -> Shot:
        """An attempt as a movie shows it: its proxy, with the recorder's sound where it is synced."""
        from answerprint.media.reel import Shot
        from answerprint.timeline.strings import lasts, note, slate_name

        unit, used = self.unit(strung), lasts(strung, self.production.settings.rate)
        sound = self._recorded(unit, strung.clip)
        says = note(strung.attempt)
        return Shot(
            proxy=self._proxy(strung),
            in_s=used.start_s,
            out_s=used.end_s,
            burn=tuple(line for line in (f"{slate_name(strung)}  {unit.file.rsplit('/', 1)[-1]}", says) if line),
            timecode=first_timecode(unit, self.shoot, used.start_s),
            sound=sound,
        )

    def _recorded(self, unit: Unit, clip: Any) -> Any:
        """The recorder's sound of a clip, where it is synced; of a sound, itself."""
        from answerprint.media.reel import SoundFile

        held = clip.sounds[0] if clip.sounds else None
        source = unit if not unit.is_clip else next((one for one in self.shoot.sounds if held and one.digest == held.digest), None)
        path = self.shoot.plan.artefacts(source, self.production.cache).get("listen/sound.npy") if source else None
        if path is None:
            return None
        return SoundFile(
            path=path, offset_s=held.offset_s if held else Fraction(0), drift_ppm=held.drift_ppm if held else Fraction(0)
        )

    def whole(self, unit: Unit) -> Shot:
        """A whole clip as a page plays it: its proxy, with the recorder's sound where it is synced."""
        from answerprint.media.reel import Shot

        clip = synced_clip(self.shoot, unit)
        proxy = self.shoot.plan.artefacts(unit, self.production.cache).get("picture/proxy.mp4")
        sound = self._recorded(unit, clip) if clip is not None else None
        return Shot(proxy=proxy, in_s=Fraction(0), out_s=unit.info.duration_s, sound=sound)

    def row(self, strung: Strung, item: int | None) -> Row:
        """An attempt as a contact sheet shows it: first frame, where the item's line begins, middle, last."""
        from answerprint.media.sheet import Row, glimpses
        from answerprint.timeline.strings import lasts, slate_name

        rate = strung.clip.media.video.rate if strung.clip.media.video else self.production.settings.rate
        used = lasts(strung, rate)
        covered = strung.of(item) if item is not None else None
        line_s = Fraction(str(covered.in_s)) if covered and covered.kind in ("line", "voice-over") else None
        attempt = strung.attempt
        return Row(
            name=slate_name(strung),
            proxy=self._proxy(strung),
            glimpses=glimpses(used.start_s, used.end_s, rate=rate, line_s=line_s),
            length_s=used.duration_s,
            start=first_timecode(self.unit(strung), self.shoot, Fraction(0)),
            circled=attempt.circled,
            circled_by=attempt.circled_by,
            comment=attempt.comment,
            comment_by=attempt.comment_by,
        )

    def guide(self, name: str) -> Strung:
        """A voice-over file as the guide that pictures are cut to: all that it reads, as one reading.

        Raises: AssistantError where no sound is called that, or it reads nothing of the script.
        """
        from answerprint.timeline.strings import Strung

        tries = [
            one
            for one in self.tries
            if not one[0].is_clip and name in (one[0].file, PurePosixPath(one[0].file).name, PurePosixPath(one[0].file).stem)
        ]
        covered = [replace(entry, attempt=1) for _, _, entries in tries for entry in entries]
        if not covered:
            raise AssistantError(
                f"{name!r} is no sound here that reads the script. `answerprint status` lists what stands without a camera."
            )
        whole = Attempt(
            number=1, in_s=min(entry.in_s for entry in covered), out_s=max(entry.out_s for entry in covered), kind="wild"
        )
        return Strung(
            clip=synced_clip(self.shoot, tries[0][0]), attempt=whole, covered=tuple(sorted(covered, key=lambda entry: entry.in_s))
        )

    def angles(self) -> list[list[tuple[Unit, Attempt]]]:
        """Attempts that several cameras shot together, each with its clip, in the order of the clips.

        Where one camera has a slate and take twice, nobody knows which of its clips the other camera shows: each stands alone.
        """
        settled = self.shoot.facts(None).get("takes")
        out = []
        for row in settled.value("takes.angles", []) if settled else []:
            if len(set(row["cameras"])) < len(row["cameras"]):
                continue
            name = tuple(str(row[part]) for part in ("scene", "slate", "take"))
            shot = [
                (unit, one)
                for unit, one, _ in self.tries
                if unit.digest in row["clips"] and name == (str(one.scene), str(one.slate), str(one.take))
            ]
            by_clip = [[pair for pair in shot if pair[0].digest == clip] for clip in row["clips"]]
            out += [list(together) for together in zip(*by_clip, strict=False) if len(together) > 1]
        return out

    def lined_takes(self) -> list[LinedTake]:
        """Every attempt as the lined script takes it; a take of several cameras is one line, circled if one of them is."""
        together = {(unit.digest, one.number): pairs for pairs in self.angles() for unit, one in pairs}
        out = []
        for unit, attempt, covered in self.tries:
            pairs = together.get((unit.digest, attempt.number), [(unit, attempt)])
            if (unit.digest, attempt.number) != (pairs[0][0].digest, pairs[0][1].number):
                continue
            cameras = tuple(dict.fromkeys(one.info.camera for one, _ in pairs if one.info.camera))
            circled = next((other for _, other in pairs if other.circled), attempt)
            noted = next((other for _, other in pairs if other.comment), attempt)
            said = replace(
                attempt, circled=circled.circled, circled_by=circled.circled_by, comment=noted.comment, comment_by=noted.comment_by
            )
            out.append(self._lined_take(unit, said, covered, cameras))
        return out

    def _lined_take(self, unit: Unit, attempt: Attempt, covered: tuple[Covered, ...], cameras: tuple[str, ...]) -> LinedTake:
        from answerprint.script.lining_sheet import LinedTake

        off, remarks = (self.said(unit, f"lining.{name}", OffScript) for name in ("off_script", "remarks"))
        return LinedTake(
            slate=_slate(attempt, unit),
            clip=unit.file,
            attempt=attempt.number,
            in_s=attempt.in_s,
            length_s=max(0.0, attempt.out_s - attempt.in_s),
            kind=attempt.kind,
            roll=unit.info.reel,
            cameras=cameras,
            lens=next((reading.value for reading in attempt.readings if reading.what == "lens"), None),
            timecode=str(first_timecode(unit, self.shoot, Fraction(str(attempt.in_s))) or "") or None,
            circled=attempt.circled,
            circled_by=attempt.circled_by,
            comment=attempt.comment,
            comment_by=attempt.comment_by,
            covered=covered,
            off_script=tuple(one for one in off if one.attempt == attempt.number),
            remarks=tuple(one for one in remarks if one.attempt == attempt.number),
            conflicts=attempt.conflicts,
        )


def _slate(attempt: Attempt, unit: Unit) -> str:
    name = attempt.scene or attempt.slate
    if name is None:
        return unit.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return f"{name}-{attempt.take}" if attempt.take is not None else name


def shot_at(unit: Unit) -> tuple[str, str, str]:
    """Shooting order: by the day and time the file names, else by timecode, else by name."""
    return (unit.info.created or "", unit.info.timecode or "", unit.file)


def first_timecode(unit: Unit, shoot: Shoot, at_s: Fraction) -> Timecode | None:
    """The timecode of the frame on screen so far into a clip; None where the clip carries none that can be read."""
    label = timecode_of(unit, shoot.facts(unit))
    rate = unit.info.timecode_rate or (unit.info.video.rate if unit.info.video else None)
    if label is None or rate is None:
        return None
    try:
        return Timecode.parse(label, rate=rate).plus(floor_frames(at_s, rate))
    except TimecodeError:
        return None
