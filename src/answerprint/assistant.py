"""What an assistant editor lays on the editor's table: strings, the lined script, a rough cut when somebody asks.

Everything here is a view of what `prep` found; nothing is chosen, and nothing that is known about how an attempt went changes
what is laid or in which order.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from answerprint.keep import write_whole
from answerprint.model.attempts import Attempt, Covered, Heard, OffScript
from answerprint.model.extend import Loss
from answerprint.model.records import AnswerprintError, from_plain
from answerprint.model.time import Span, Timecode, TimecodeError, floor_frames
from answerprint.plan import Unit, paper
from answerprint.rushes import shown
from answerprint.status import Shoot, timecode_of
from answerprint.turnover import Exported, clear_of_media, enter, export, safe_name, synced_clip, writer

if TYPE_CHECKING:
    from answerprint.media.reel import Shot
    from answerprint.media.sheet import Row
    from answerprint.production import Production
    from answerprint.script.lining_sheet import LinedTake, Sheet
    from answerprint.timeline.rough import Event
    from answerprint.timeline.rule import Choice
    from answerprint.timeline.strings import String, Strung

__all__ = [
    "AssistantError",
    "Lined",
    "Table",
    "chosen_takes",
    "contact_sheets",
    "export_dailies",
    "export_rough",
    "export_strings",
    "lined",
    "movies",
    "strings",
    "take_notes",
]


Watch = Callable[[str, float], None]


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


def strings(production: Production) -> tuple[String, ...]:
    """Every string of the shoot: per script item each attempt from "action" to "cut", then circled takes, voice-over, wild sounds.

    Raises: AssistantError where nothing was prepared yet.
    """
    from answerprint.timeline import strings as law

    table = Table(production)
    if not table.tries:
        raise AssistantError("there are no attempts to string yet. Run `answerprint prep` first.")
    return law.strings(table.items(), table.strung(), rate=production.settings.rate, raster=production.settings.raster)


def export_dailies(
    production: Production, format: str, *, to: Path | None = None, options: Mapping[str, Any] | None = None
) -> Exported:
    """Write every synced clip as dailies, a bin: slates, takes, circles and comments stand on the stretches they speak of."""
    from answerprint.timeline.strings import with_attempts

    table = Table(production)
    strung = table.strung()
    clips = []
    for unit in sorted(table.shoot.clips, key=_shot_at):
        clip = synced_clip(table.shoot, unit)
        if clip is not None:
            clips.append(with_attempts(clip, [one for one in strung if one.clip.digest == clip.digest], production.settings.rate))
    return export(production, format, clips, to=to, options=options)


def export_strings(
    production: Production, format: str, *, to: Path | None = None, options: Mapping[str, Any] | None = None
) -> list[Exported]:
    """Write every string as a timeline into cuts/strings/, or into the folder `to`."""
    write, suffix = writer(format)
    out = []
    folder = clear_of_media(production, to) if to else production.path / "cuts" / "strings"
    for one in strings(production):
        data, losses = write(one.timeline, options or {})
        path = folder / f"{safe_name(one.name)}{suffix}"
        write_whole(path, data)
        out.append(_entered(production, path, data, losses, {"format": format, "what": "strings"}, len(one.attempts)))
    return out


def movies(production: Production, *, item: int | None = None, burn: bool = True, watch: Watch | None = None) -> list[Path]:
    """Make each string a watermarked 720-line movie in cuts/strings/, slate and source timecode burnt in unless `burn` is false.

    Args:   item: only that item's string.  watch: called with (string's name, share done).
    Raises: AssistantError where nothing was prepared yet.
    """
    from answerprint.media.reel import reel

    table = Table(production)
    out = []
    for one in strings(production):
        if item is not None and one.item != item:
            continue
        path = production.path / "cuts" / "strings" / f"{safe_name(one.name)}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        told = functools.partial(watch, one.name) if watch else lambda done: None
        reel([table.shot(strung) for strung in one.attempts], path, rate=production.settings.rate, burn=burn, progress=told)
        out.append(path)
    return out


def contact_sheets(production: Production, *, item: int | None = None, width: int = 1600) -> list[Path]:
    """Write a contact sheet for each string with pictures into cuts/strings/: a row for each attempt, in shooting order.

    Args:   item: only that item's.  width: pixels; under 900 is laid out for a telephone.
    Raises: AssistantError where nothing was prepared yet.
    """
    from answerprint.media.sheet import contact_sheet

    table = Table(production)
    out = []
    for one in strings(production):
        rows = [table.row(strung, one.item) for strung in one.attempts if strung.clip.picture]
        if rows and item in (None, one.item):
            path = production.path / "cuts" / "strings" / f"{safe_name(one.name)}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            contact_sheet(one.name, rows, path, width=width)
            out.append(path)
    return out


def export_rough(
    production: Production,
    format: str,
    *,
    slugs: bool = False,
    guide: str | None = None,
    to: Path | None = None,
    options: Mapping[str, Any] | None = None,
) -> tuple[Exported, tuple[Event, ...]]:
    """A rough cut, because somebody asked: a placeholder by a stated rule, never a recommendation.

    Args:    slugs: leave what nobody decided as a slug.  guide: a voice-over file by its name, which pictures are cut to.
    Returns: what was written, and each event with a sentence saying why it stands there.
    Raises:  AssistantError where nothing was prepared yet, or the guide reads nothing of the script.
    """
    from answerprint.timeline import rough as law

    table = Table(production)
    if not table.tries:
        raise AssistantError("there are no attempts to cut from yet. Run `answerprint prep` first.")
    words = {unit.digest: table.words(unit) for unit in table.shoot.units}
    sound = {unit.digest: found for unit in table.shoot.units if (found := table.sound(unit)) is not None}
    reads = table.guide(guide) if guide else None
    title = production.settings["title"]
    cut = law.rough(
        table.items(),
        table.strung(),
        words=words,
        sound=sound,
        rate=production.settings.rate,
        decisions=chosen_takes(production),
        slugs=slugs,
        guide=reads,
        title=f"{title} rough",
        raster=production.settings.raster,
    )
    write, suffix = writer(format)
    data, losses = write(cut.timeline, options or {})
    path = clear_of_media(production, to, suffix) if to else _beside_edits(production, production.path / "cuts" / f"{safe_name(title)}_rough{suffix}")
    write_whole(path, data)
    done = _entered(
        production, path, data, losses, {"format": format, "what": "rough", "slugs": slugs, "guide": guide}, len(cut.reasons)
    )
    return done, cut.reasons


def _beside_edits(production: Production, path: Path) -> Path:
    """That path, or the next number of it where somebody worked in the file: what is not kept elsewhere is never written over."""
    from blake3 import blake3

    free, number = path, 2
    while free.exists() and not production.keep.path(f"blake3:{blake3(free.read_bytes()).hexdigest()}").exists():
        free, number = path.with_stem(f"{path.stem}_{number}"), number + 1
    return free


def chosen_takes(production: Production) -> dict[int, Choice]:
    """The takes that stand signed, by item; and over them the drafts, as what they are."""
    from answerprint import drafts
    from answerprint.book import Book
    from answerprint.timeline.rule import Choice

    def choice(chosen: Mapping[str, str], by: str, *, signed: bool) -> Choice:
        return Choice(clip=chosen.get("clip"), attempt=int(chosen.get("attempt", "0")), by=by, signed=signed)

    found: dict[str, Choice] = {}
    record = production.reader()
    if record is not None:
        with record:
            signed = Book(record).decisions
        found |= {about: choice(one.decided.choice, one.by.name, signed=True) for (judgment, about), one in signed.items() if judgment == "take"}
    for (judgment, about), draft in drafts.read(production.inside).items():
        if judgment == "take":
            found[about] = choice(draft.choice, "a draft", signed=False)
    return {int(about[5:]): one for about, one in found.items() if about[5:].isdigit()}


def lined(production: Production, *, to: Path | None = None) -> Lined:
    """The lined script as PDF and HTML beside each other in cuts/, or as the one file `to` names by its suffix.

    Raises: AssistantError for a suffix that is neither.
    """
    from answerprint.script import lining_sheet

    table = Table(production)
    sheet: Sheet = lining_sheet.lay_out(table.script, table.lined_takes())
    base = production.path / "cuts" / f"{safe_name(production.settings['title'])} lined script"
    wanted = [clear_of_media(production, to)] if to else [base.with_name(base.name + ".pdf"), base.with_name(base.name + ".html")]
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

    Raises: ScriptError where it cannot be read as the day's paper, AssistantError where one of the other kind is there already;
            nothing is replaced then.
    """
    from answerprint.script import daypaper

    try:
        raw = file.read_bytes()
    except OSError as cause:
        raise AssistantError(f"{shown(str(file))}: these notes cannot be read ({cause.strerror}).") from cause
    daypaper.read(file.name, raw)
    path = production.path / ("notes.ale" if file.suffix.lower() == ".ale" else "notes.csv")
    there = paper(production.path, "notes")
    if there is not None and there != path:
        raise AssistantError(
            f"{there.name} is in the production already, and one paper is read. Move it away, or add these lines to it."
        )
    write_whole(path, _both_days(path, raw))
    return path


def _both_days(path: Path, raw: bytes) -> bytes:
    """The paper that is there with the lines of another day under it; a line that stands there already stands there once."""
    before = path.read_bytes() if path.exists() else b""
    old, new = before.splitlines(), raw.splitlines()
    if not old or old == new:
        return raw
    if path.suffix == ".ale" or old[0].strip() != new[0].strip():
        raise AssistantError(
            f"{path.name} is in the production already and has other columns. Add these lines to it by hand; nothing was replaced."
        )
    added = [line for line in new[1:] if line.strip() and line not in old]
    return b"\n".join([*(line for line in old if line.strip()), *added]) + b"\n"


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
