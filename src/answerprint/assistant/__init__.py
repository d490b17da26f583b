"""What an assistant editor lays on the editor's table: strings, the lined script, a rough cut when somebody asks.

Everything here is a view of what `prep` found; nothing is chosen, and nothing that is known about how an attempt went changes
what is laid or in which order.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.assistant.notes import take_notes
from answerprint.assistant.table import AssistantError, Table, first_timecode, shot_at
from answerprint.keep import write_whole
from answerprint.model.extend import Loss
from answerprint.plan import Unit
from answerprint.rushes import shown
from answerprint.turnover import Exported, clear_of_media, enter, export, safe_name, synced_clip, writer

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.script.lining_sheet import Sheet
    from answerprint.timeline.rough import Event
    from answerprint.timeline.rule import Choice
    from answerprint.timeline.strings import String

__all__ = [
    "AssistantError", "Lined", "Table", "chosen_takes", "contact_sheets", "export_dailies", "export_rough", "export_strings", "first_timecode", "lined", "movies", "strings", "take_notes",
]  # fmt: skip


Watch = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Lined:
    """The lined script as files, and what a person has to know about it."""

    paths: tuple[Path, ...]
    takes: int
    sentences: tuple[str, ...]


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
    for unit in sorted(table.shoot.clips, key=shot_at):
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


def _entered(
    production: Production, path: Path, data: bytes, losses: Sequence[Loss], params: Mapping[str, Any], count: int
) -> Exported:
    enter(production, "export", data, [], {**params, "file": shown(path.name)}, losses)
    return Exported(path=path, clips=count, losses=tuple(losses))


def _seen_from(page: Path, unit: Unit) -> str:
    """A medium's path as a link on a page leads to it."""
    return shown(os.path.relpath(unit.path, page.absolute().parent)) if unit.path else unit.file
