"""The command that corrects colour where the camera differed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from answerprint.cli import refusing
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, table, typed

if TYPE_CHECKING:
    from answerprint.correcting import Corrections
    from answerprint.production import Production

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("correct", _correct)
    one.add_argument("--reference", action="append", default=[], metavar="CLIP", help="others of its set-up are matched to this clip, not to the first one; may be said again")
    one.add_argument("--chart", action="append", default=[], metavar="CLIP", help="a clip that shows a ColorChecker: its camera is corrected by it; may be said again")
    one.add_argument("--changed", metavar="CLIP", help="say that the camera was changed for this clip, where no file says so")
    refusing.add(one, "CLIP", "leave this clip as it was shot")


def _correct(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import correcting
    from answerprint.model.records import to_plain
    from answerprint.production import open
    from answerprint.progress import steps

    production, says = open(args.folder), texts["correct"]
    if args.refuse or args.take_back:
        return _piece(args, says, production)
    if args.changed:
        correcting.changed(production, args.changed, by=args.by)
    with steps(sys.stderr) as watch:
        found = correcting.correct(production, references=args.reference, charts=args.chart, watch=watch)
    if args.json:
        print_json({"clips": [to_plain(one) for one in found.clips], "paths": [str(path) for path in found.paths], "asks": list(found.asks)})
    else:
        _print(found, says, production, typed(args.folder))
    return 1 if found.asks else 0


def _piece(args: argparse.Namespace, says: dict[str, str], production: Production) -> int:
    from answerprint import correcting

    change, clip = (correcting.refuse, args.refuse) if args.refuse else (correcting.take_back, args.take_back)
    return refusing.told(args, says, change(production, clip, by=args.by, because=args.because))


def _print(found: Corrections, says: dict[str, str], production: Production, folder: str) -> None:
    corrected = [one for one in found.clips if one.by and not one.refused]
    rows = []
    for one in found.clips:
        if one.refused:
            what = says["left"]
        elif one.by:
            what = one.says[0] if one.says else ""
        else:
            what = says["as_shot"]
        nearer = f"{one.before:.1f} > {one.after:.1f}" if one.by and one.before is not None and one.after is not None else ""
        rows.append((one.clip.rsplit("/", 1)[-1], one.setup or "", one.camera, nearer, what))
    table([tuple(says["heads"].split("|")), *rows])
    for one in found.clips:
        for sentence in one.says[1 if one.by and not one.refused else 0 :]:
            print(f"  {plain(one.clip.rsplit('/', 1)[-1])}: {plain(sentence)}")
    for one in found.clips:
        for named in one.over:
            print("  " + plain(says["over"].format(named=named)))
    print(plain(says["done"].format(corrected=count(len(corrected), "clip"), all=len(found.clips)) if corrected else says["none"].format(all=count(len(found.clips), "clip"))))
    for path in found.paths:
        if path.suffix in (".ccc", ".png", ".edl", ".ale"):
            print(f"  {plain(str(path.relative_to(production.path)))}")
    if corrected:
        print(plain(says["choose"].format(folder=folder)))
    for ask in found.asks:
        print(plain(ask.replace(" FOLDER", f" {folder}")))
