"""The command that proposes frames for another shape."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from answerprint.cli import refusing
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, table

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.reframing import Reframed

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("reframe", _reframe)
    one.add_argument("--version", dest="versions", action="append", default=[], metavar="VERSION", help="a version of versions.csv; may be said again; every one of another shape where not given")
    one.add_argument("--shape", dest="shapes", action="append", default=[], metavar="SHAPE", help="9:16, 1:1, 4:5 or 16:9; may be said again; what the version is delivered in where not given")
    refusing.add(one, "SHOT", "leave this shot whole: \"square shot 3\"")


def _reframe(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import reframing
    from answerprint.desk import Desk
    from answerprint.model.records import to_plain
    from answerprint.production import open
    from answerprint.progress import steps

    production, says = open(args.folder), texts["reframe"]
    if args.refuse or args.take_back:
        return _piece(args, says, production)
    desk = Desk(production)
    shapes = [reframing.shape_called(shape) for shape in args.shapes]
    versions, alike = ([desk.family[name].name for name in args.versions], {}) if args.versions else reframing.needed(desk, shapes)
    made: list[Reframed] = []
    with steps(sys.stderr) as watch:
        for version in versions:
            made.append(reframing.reframe(desk, version, shapes, watch=watch))
    unframed = tuple(line for version in (*versions, *alike) for line in reframing.unframed(desk, version))
    if args.json:
        print_json({"versions": [to_plain(one) for one in made], "as": alike, "unframed": unframed})
    else:
        for one in made:
            _print(one, says)
        for version, parent in alike.items():
            print(plain(says["alike"].format(version=version, parent=parent)))
        if not made and not alike:
            print(says["none"])
        for line in unframed:
            print(plain(line))
    return 1 if unframed or any(one.says for one in made) else 0


def _print(one: Reframed, says: dict[str, str]) -> None:
    moves = sum(part["seconds"] != "0" for made in one.proposals for parts in made.values["why"].values() for part in parts)
    print(plain(says["made"].format(version=one.version, shapes=", ".join(one.shapes), shots=count(len(one.proposals), "shot"), moves=moves)))
    table([(f"  {made.about}", "; ".join(f"{shape}: {_why(parts)}" for shape, parts in made.values["why"].items())) for made in one.proposals])
    for made in one.proposals:
        for line in made.says:
            print(plain(f"  {made.about}: {line}"))
    for line in (*one.says, *one.refused):
        print(plain(f"  {line}"))
    if one.sheet:
        print(plain(says["sheet"].format(sheet=one.sheet)))
        print(plain(says["then"]))


def _why(parts: list[dict[str, Any]]) -> str:
    said = []
    for part in parts:
        by = count(part["faces"], "face") if part["by"] == "faces" else part["by"]
        said.append(f"{by}, {'holds' if part['seconds'] == '0' else 'moves in ' + part['seconds'] + ' s'}")
    return ", then ".join(said)


def _piece(args: argparse.Namespace, says: dict[str, str], production: Production) -> int:
    from answerprint import finishing, reframing

    change, shot = (finishing.refuse, args.refuse) if args.refuse else (finishing.take_back, args.take_back)
    return refusing.told(args, says, change(production, "reframing", reframing.called(production, shot), by=args.by, because=args.because))
