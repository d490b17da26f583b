"""What an assistant editor lays on the editor's table: strings, the lined script, a rough cut when somebody asks.

Everything here is a view of what `prep` found; nothing is chosen, and nothing that is known about how an attempt went changes
what is laid or in which order.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.keep import write_whole
from answerprint.model.attempts import Attempt, Covered, Heard, OffScript
from answerprint.model.extend import Loss
from answerprint.model.records import AnswerprintError, from_plain
from answerprint.model.time import Timecode, TimecodeError
from answerprint.plan import Unit
from answerprint.rushes import shown
from answerprint.status import Shoot, timecode_of
from answerprint.turnover import Exported, enter, safe_name, synced_clip, writer

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.script.lining_sheet import LinedTake, Sheet
    from answerprint.timeline.rough import Event
    from answerprint.timeline.strings import String, Strung

__all__ = ["AssistantError", "Lined", "Table", "export_rough", "export_strings", "lined", "strings", "take_notes"]


class AssistantError(AnswerprintError):
    """Something that cannot be laid out yet."""


@dataclass(frozen=True, kw_only=True)
class Lined:
    """The lined script as files, and what a person has to know about it."""

    paths: tuple[Path, ...]
    takes: int
    sentences: tuple[str, ...]


class Table:
    """The shoot as the assistant lays it out: every attempt with its clip and what it covers, in shooting order."""

    def __init__(self, production: Production) -> None:
        self.production = production
        self.shoot = Shoot(production)
        self.script = self.shoot.script()
        attempts, self._covered = self.shoot.attempts(), self.shoot.covered()
        self.tries: list[tuple[Unit, Attempt, tuple[Covered, ...]]] = []
        for unit in sorted(self.shoot.clips, key=_shot_at):
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

    def items(self) -> list[Any]:
        """The items of the script; none where there is no script."""
        return list(self.script.items) if self.script else []

    def strung(self) -> list[Strung]:
        """Every attempt as a timeline takes it."""
        from answerprint.timeline.strings import Strung

        out = []
        clips: dict[str, Any] = {}
        for unit, attempt, covered in self.tries:
            if unit.digest not in clips:
                clips[unit.digest] = synced_clip(self.shoot, unit)
            if clips[unit.digest] is not None:
                out.append(Strung(clip=clips[unit.digest], attempt=attempt, covered=covered))
        return out

    def angles(self) -> dict[str, tuple[str, ...]]:
        """By clip, every clip that shows the same slate and take from another camera, itself included; alone where there is none."""
        settled = self.shoot.facts(None).get("takes")
        rows = settled.value("takes.angles", []) if settled else []
        return {clip: tuple(row["clips"]) for row in rows for clip in row["clips"]}

    def lined_takes(self) -> list[LinedTake]:
        """Every attempt as the lined script takes it; a take of several cameras is one line."""
        angles = self.angles()
        cameras = {unit.digest: unit.info.camera for unit in self.shoot.clips if unit.info.camera}
        out = []
        for unit, attempt, covered in self.tries:
            together = angles.get(unit.digest, (unit.digest,))
            if unit.digest == together[0]:
                seen = tuple(dict.fromkeys(cameras[one] for one in together if one in cameras))
                out.append(self._lined_take(unit, attempt, covered, seen))
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
            timecode=_timecode_at(unit, self.shoot, attempt.in_s),
            circled=attempt.circled,
            circled_by=attempt.circled_by,
            comment=attempt.comment,
            comment_by=attempt.comment_by,
            covered=covered,
            off_script=tuple(one for one in off if one.attempt == attempt.number),
            remarks=tuple(one for one in remarks if one.attempt == attempt.number),
            conflicts=attempt.conflicts,
        )


def strings(production: Production) -> tuple[String, ...]:
    """Every string of the shoot: per script item each attempt from "action" to "cut", then circled takes, voice-over, wild sounds.

    Raises: AssistantError where nothing was prepared yet.
    """
    from answerprint.timeline import strings as law

    table = Table(production)
    if not table.tries:
        raise AssistantError("there are no attempts to string yet. Run `answerprint prep` first.")
    return law.strings(table.items(), table.strung(), rate=production.settings.rate)


def export_strings(
    production: Production, format: str, *, to: Path | None = None, options: Mapping[str, Any] | None = None
) -> list[Exported]:
    """Write every string as a timeline into cuts/strings/, or into the folder `to`."""
    write, suffix = writer(format)
    out = []
    for one in strings(production):
        data, losses = write(one.timeline, options or {})
        path = (to or production.path / "cuts" / "strings") / f"{safe_name(one.name)}{suffix}"
        write_whole(path, data)
        out.append(_entered(production, path, data, losses, {"format": format, "what": "strings"}, len(one.attempts)))
    return out


def export_rough(
    production: Production, format: str, *, slugs: bool = False, to: Path | None = None, options: Mapping[str, Any] | None = None
) -> tuple[Exported, tuple[Event, ...]]:
    """A rough cut, because somebody asked: a placeholder by a stated rule, never a recommendation.

    Returns: what was written, and each event with a sentence saying why it stands there.
    """
    from answerprint.timeline import rough as law

    table = Table(production)
    if not table.tries:
        raise AssistantError("there are no attempts to cut from yet. Run `answerprint prep` first.")
    words = {unit.digest: table.words(unit) for unit in table.shoot.units}
    cut = law.rough(
        table.items(),
        table.strung(),
        decisions={},
        words=words,
        rate=production.settings.rate,
        slugs=slugs,
        title=f"{production.settings['title']} rough",
    )
    write, suffix = writer(format)
    data, losses = write(cut.timeline, options or {})
    path = to or production.path / "cuts" / f"{safe_name(production.settings['title'])}_rough{suffix}"
    write_whole(path, data)
    done = _entered(production, path, data, losses, {"format": format, "what": "rough", "slugs": slugs}, len(cut.reasons))
    return done, cut.reasons


def lined(production: Production, *, to: Path | None = None) -> Lined:
    """The lined script as PDF and HTML beside each other in cuts/, or as the one file `to` names by its suffix.

    Raises: AssistantError for a suffix that is neither.
    """
    from answerprint.script import lining_sheet

    table = Table(production)
    sheet: Sheet = lining_sheet.lay_out(table.script, table.lined_takes())
    base = production.path / "cuts" / f"{safe_name(production.settings['title'])} lined script"
    wanted = [to] if to else [base.with_name(base.name + ".pdf"), base.with_name(base.name + ".html")]
    for path in wanted:
        if path.suffix.lower() not in (".pdf", ".html"):
            raise AssistantError(f"{shown(path.name)}: a lined script is written as .pdf or .html.")
        if path.suffix.lower() == ".pdf":
            data = lining_sheet.pdf(sheet, {unit.file: _seen_from(path, unit) for unit in table.shoot.units})
        else:
            data = lining_sheet.html(sheet).encode("utf-8")
        write_whole(path, data)
    return Lined(paths=tuple(wanted), takes=len(sheet.takes), sentences=tuple(sheet.sentences))


def take_notes(production: Production, file: Path) -> Path:
    """Take the day's paper into the production: notes.csv or an ALE. The next prep reads it.

    Raises: ScriptError where it cannot be read as the day's paper; nothing is replaced then.
    """
    from answerprint.script import daypaper

    try:
        raw = file.read_bytes()
    except OSError as cause:
        raise AssistantError(f"{shown(str(file))}: these notes cannot be read ({cause.strerror}).") from cause
    daypaper.read(file.name, raw)
    path = production.path / ("notes.ale" if file.suffix.lower() == ".ale" else "notes.csv")
    write_whole(path, raw)
    return path


def _entered(
    production: Production, path: Path, data: bytes, losses: Sequence[Loss], params: Mapping[str, Any], count: int
) -> Exported:
    enter(production, "export", data, [], {**params, "file": shown(path.name)}, losses)
    return Exported(path=path, clips=count, losses=tuple(losses))


def _shot_at(unit: Unit) -> tuple[str, str, str]:
    """Shooting order: by the day and time the file names, else by timecode, else by name."""
    return (unit.info.created or "", unit.info.timecode or "", unit.file)


def _slate(attempt: Attempt, unit: Unit) -> str:
    name = attempt.scene or attempt.slate
    if name is None:
        return unit.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return f"{name}-{attempt.take}" if attempt.take is not None else name


def _seen_from(page: Path, unit: Unit) -> str:
    """A medium's path as a link on a page leads to it."""
    return shown(os.path.relpath(unit.path, page.absolute().parent)) if unit.path else unit.file


def _timecode_at(unit: Unit, shoot: Shoot, at_s: float) -> str | None:
    label = timecode_of(unit, shoot.facts(unit))
    rate = unit.info.timecode_rate or (unit.info.video.rate if unit.info.video else None)
    if label is None or rate is None:
        return None
    try:
        first = Timecode.parse(label, rate=rate)
    except TimecodeError:
        return None
    exact = Fraction(str(at_s)) * rate
    return str(first.plus(exact.numerator // exact.denominator))
