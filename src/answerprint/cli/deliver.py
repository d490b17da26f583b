"""Commands of delivery: what is asked for, and what is wrong with a file."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands, here
from answerprint.cli.printing import plain, print_json, table

if TYPE_CHECKING:
    from answerprint.delivery.qc import Report
    from answerprint.model.delivery import Spec

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("specs", _specs, folder=False)
    one.add_argument("name", metavar="SPEC", nargs="?", help="one of them, whole, with its source")
    one.add_argument("--in", dest="folder", metavar="FOLDER", help="the production whose own specs count too; the one you stand in where not given")
    one = command("check", _check, folder=False)
    one.add_argument("file", metavar="FILE", help="any film")
    one.add_argument("--spec", metavar="SPEC", help="what it was made for: tv-eu; without it, what is wrong with any film")
    one.add_argument("--html", metavar="PAGE", help="write the report as a page, with the frames of each finding")
    one.add_argument("--in", dest="folder", metavar="FOLDER", help="the production whose own specs count too; the one you stand in where not given")


def _folder(args: argparse.Namespace) -> Path | None:
    """The production that is meant, if there is one here."""
    folder = Path(here(args.folder))
    return folder if args.folder or (folder / "answerprint.toml").is_file() else None


# ---- specs


def _specs(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.delivery.specs import spec, specs

    if args.name:
        one = spec(args.name, _folder(args))
        if args.json:
            print_json(_plain(one))
        else:
            table([*_lines(one), ("Source", f"{one.source} (read {one.dated})")])
        return 0
    known = specs(_folder(args))
    if args.json:
        print_json({name: _plain(one) for name, one in known.items()})
    else:
        table([(name, one.title, _short(one)) for name, one in known.items()])
    return 0


def _short(one: Spec) -> str:
    parts = [one.container, one.picture.codec, _raster(one)]
    if one.sound is not None and one.sound.loudness is not None:
        parts.append(f"{one.sound.loudness.target_lufs:.0f} LUFS" + ("" if one.sound.loudness.binding else " by custom"))
    return ", ".join(parts)


def _raster(one: Spec) -> str:
    return f"{one.picture.width} x {one.picture.height}" if one.picture.width else "the film's raster"


def _lines(one: Spec) -> list[tuple[str, str]]:
    from answerprint.model.time import rate_name

    rows = [
        ("Name", f"{one.name}: {one.title}"),
        ("File", f"{one.container}, named {one.naming}"),
        ("Picture", f"{one.picture.codec}, {_raster(one)}, {one.picture.pixel_format}, {'two fields' if one.picture.interlaced else 'progressive'}"),
        ("Colour", f"{one.picture.primaries}, {one.picture.transfer}, {one.picture.matrix}, {'full' if one.picture.full_range else 'legal'} range"),
        ("Rates", ", ".join(rate_name(rate) for rate in one.picture.rates) or "the film's"),
    ]
    if one.sound is not None:
        rows.append(("Sound", f"{one.sound.codec}, {one.sound.rate_hz} Hz, {one.sound.layout}"))
        if (loud := one.sound.loudness) is not None:
            short = f", loudest 3 s {loud.short_term_max_lufs:.0f} LUFS" if loud.short_term_max_lufs is not None else ""
            custom = "" if loud.binding else "; a custom, not a rule"
            rows.append(("Loudness", f"{loud.target_lufs:.0f} LUFS +-{loud.tolerance_lu:.1f}, true peak {loud.true_peak_dbtp:.0f} dBTP{short}{custom}"))
    if one.durations_frames:
        rows.append(("Lengths", ", ".join(map(str, one.durations_frames)) + " frames"))
    for name, cards in (("Head", one.head), ("Tail", one.tail)):
        if cards:
            rows.append((name, ", ".join(f"{card.frames} frames of {card.what}, {card.sound}" for card in cards)))
    rows += [("Film at", one.film_at)] if one.film_at else []
    rows += [("Captions", ", ".join(one.captions))] if one.captions else []
    rows += [("Number", one.clock_number)] if one.clock_number else []
    return rows


def _plain(one: Spec) -> Any:
    from answerprint.model.records import to_plain

    return to_plain(one)


# ---- check


def _check(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.delivery.report import report_html, report_json
    from answerprint.delivery.specs import spec

    asked = spec(args.spec, _folder(args)) if args.spec else None
    report = _examined(Path(args.file), asked)
    if args.html:
        _write(Path(args.html), report_html(report))
    if args.json:
        print_json(report_json(report))
    else:
        _print(report, texts["check"])
        if args.html:
            print(plain(texts["check"]["written"].format(page=args.html)))
    return 1 if any(one.weight != "note" for one in report.findings) else 0


def _examined(path: Path, asked: Spec | None) -> Report:
    """Examine with a bar at a terminal."""
    from answerprint.delivery.qc import examine

    if not sys.stderr.isatty():
        return examine(path, asked)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(28, complete_style="white", finished_style="dim"), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        row = bars.add_task(plain(path.name), total=1.0)
        return examine(path, asked, progress=lambda share: bars.update(row, completed=share))


def _print(report: Report, says: dict[str, str]) -> None:
    for one in report.findings:
        places = ", ".join(report.timecode(place.first) for place in one.where[:4])
        more = f" and {len(one.where) - 4} more" if len(one.where) > 4 else ""
        measured = "; ".join(part for part in (f"measured {one.measured}" if one.measured else "", f"asked for {one.allowed}" if one.allowed else "") if part)
        print(plain(f"{one.weight:<4}  {one.check}: {one.says}."))
        for line in (measured, f"at {places}{more}" if places else ""):
            if line:
                print(plain(f"      {line}"))
    for name, value in report.facts:
        print(plain(f"{name + ':':<14}{value}"))
    print(says["unchecked"])
    for line in report.unchecked:
        print(plain(f"  {line}"))
    print(plain(f"{report.file}: {report.verdict}."))


def _write(path: Path, text: str) -> None:
    """A page appears whole or not at all."""
    from answerprint.delivery import DeliveryError

    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as cause:
        raise DeliveryError(f"{path} cannot be written ({cause.strerror}). Name a place that is there, with room.") from cause
    finally:
        part.unlink(missing_ok=True)
