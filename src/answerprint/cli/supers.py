"""Commands of what clients send, and of what is lettered over the film: asset, supers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, table, typed

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.supering import Checked

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("asset", _asset, folder=False)
    one.add_argument("what", choices=("add", "list"), metavar="add | list", help="take a file in, or show what came, from whom and when")
    one.add_argument("folder", metavar="FOLDER", help="the production")
    one.add_argument("file", metavar="FILE", nargs="?", help="for add: the file that came")
    one.add_argument("--from", dest="said", default="", metavar="WHO", help="for add: who sent it and when: 'client, 3 Nov'")
    one.add_argument("--as", dest="name", default="", metavar="NAME", help="for add: what it goes by: logo; a newer one of that name takes its place")
    one = command("supers", _supers)
    one.add_argument("--data", default="markets.csv", metavar="TABLE", help="a row for every super of every version: version, template, language, at, for, and a column for each field; markets.csv where not given")
    one.add_argument("--template", default="", metavar="TEMPLATE", help="for rows that name none: super, price, legal, end-card, disclosure, your own in templates/, or a .toml file")
    one.add_argument("--of", default="", metavar="VERSION", help="the version over which they are laid, for rows that name none; the first one where not given")
    one.add_argument("--row", dest="rows", action="append", default=[], metavar="ROW", help="only this version, or the one in this row as the spreadsheet counts; may be said again")
    one.add_argument("--check", action="store_true", help="say everything that is wrong, and draw nothing")
    one.add_argument("--example", action="store_true", help="write a table to start from")


# ---- assets


def _asset(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import assets
    from answerprint.assets import AssetError
    from answerprint.production import open

    production, says = open(args.folder), texts["asset"]
    if args.what == "list":
        if args.file or args.said or args.name:
            raise AssetError("a file, --from and --as belong to `asset add FOLDER FILE`.")
        there = assets.book(production)
        if args.json:
            print_json([vars(one) for one in there])
        elif not there:
            print(says["none"])
        else:
            counts = {one.file for one in assets.shelf(production.path).current.values()}
            old = {one.file for one in assets.shelf(production.path).assets} - counts
            table([(one.name, one.file, one.says, f"in place of {one.replaces}" if one.replaces else "", "an old one" if one.file in old else "") for one in there])
        return 0
    if not args.file:
        raise AssetError("which file came? answerprint asset add FOLDER logo.svg --from 'client, 3 Nov'")
    if not args.said:
        raise AssetError("who sent it, and when? --from 'client, 3 Nov'")
    return _add(args, says, assets.add(production, Path(args.file), args.said, name=args.name), production)


def _add(args: argparse.Namespace, says: dict[str, str], added: Any, production: Any) -> int:
    from answerprint import exchanged, slots
    from answerprint.desk import Desk

    desk = Desk(production)
    stale, known = exchanged.stale(desk), slots.generated(desk, added.asset.file, added.asset.digest)
    if args.json:
        print_json({"asset": vars(added.asset), "again": added.again, "replaced": vars(added.replaced) if added.replaced else None, "stale": stale, "generated": known.how if known is not None else None})
        return 0
    one = added.asset
    print(plain(says["again" if added.again else "replaces" if added.replaced else "added"].format(file=one.file, name=one.name, said=one.says, old=one.replaces)))
    if known is not None:
        print(plain(says["generated"].format(file=one.file, how=known.how)))
    if stale:
        print(plain(says["stale"].format(versions=", ".join(stale))))
        for line in (line for lines in stale.values() for line in lines):
            print(plain(f"  {line}"))
    return 0


# ---- supers


def _supers(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import supering
    from answerprint.production import open
    from answerprint.progress import steps

    production, says = open(args.folder), texts["supers"]
    data = _table(production, args.data)
    if args.example:
        place = supering.example(production, data)
        if args.json:
            print_json({"path": str(place)})
        else:
            print(plain(says["example"].format(path=place, folder=typed(args.folder))))
        return 0
    told: dict[str, Any] = {"template": args.template, "of": args.of, "only": args.rows}
    with steps(sys.stderr) as watch:
        if args.check:
            found = supering.looked_at(production, data, watch=watch, **told)
        else:
            made = supering.supers(production, data, watch=watch, **told)
    if args.check:
        return _checked(args, says, found, data)
    if args.json:
        print_json({"drawn": [vars(one) for one in made.drawn], "versions": made.versions, "left": made.left, "says": made.says, "gone": made.gone, "sheet": [str(path) for path in made.sheet]})
        return 1 if made.left else 0
    anew = sum(one.anew for one in made.drawn)
    print(plain(says["made"].format(drawn=count(anew, "super"), stood=len(made.drawn) - anew, versions=count(len(made.versions), "version"))))
    for line in (*made.left, *made.gone, *made.says):
        print(plain(f"  {line}"))
    for path in made.sheet:
        print(plain(says["sheet"].format(path=path)))
    if made.versions:
        print(plain(says["then"].format(folder=typed(args.folder), version=typed(made.versions[0]))))
    return 1 if made.left else 0


def _table(production: Production, named: str) -> Path:
    """A table that somebody named: where they stand, else in the production."""
    place = Path(named)
    return place if place.is_absolute() or place.is_file() else production.path / named


def _checked(args: argparse.Namespace, says: dict[str, str], found: Checked, data: Path) -> int:
    from answerprint.supering import table_fault

    if args.json:
        rows = [{"row": job.market.row, "version": job.version, "template": job.template.name, "file": job.file, "first": job.place.first, "end": job.place.end, "size": job.stage.size} for job in found.jobs]
        print_json({"faults": found.faults, "says": list(found.says), "rows": rows})
        return 2 if found.faults else 0
    if found.faults:
        raise table_fault(found.faults, data.name)
    table([(f"row {job.market.row}", job.version, job.template.name, f"frames {job.place.first} to {job.place.end - 1}", f"{job.stage.size[0]} x {job.stage.size[1]}") for job in found.jobs])
    for line in found.says:
        print(plain(f"  {line}"))
    print(plain(says["checked"].format(rows=count(len(found.jobs), "row"), table=data.name)))
    return 0
