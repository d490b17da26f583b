"""The machine's share at the terminal: what of a cut is still as the machine laid it."""

from __future__ import annotations

import argparse
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json

__all__ = ["add"]

_MOST = 20  #: cut points that are listed; --all lists every one


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("share", _share)
    one.add_argument("--version", dest="versions", action="append", default=[], metavar="VERSION", help="only this version; may be said again")
    one.add_argument("--all", action="store_true", help="list every cut point")


def _share(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.desk import Desk
    from answerprint.production import open
    from answerprint.sharing import plain as as_plain
    from answerprint.sharing import played, shared

    desk = Desk(open(args.folder))
    names = [desk.family[name].name for name in args.versions] or [one.name for one in desk.family.versions if one.name in desk.cuts] or [desk.family.first.name]
    every = [(shared(desk, name), played(desk, name) if name in desk.cuts else False) for name in dict.fromkeys(names)]
    if args.json:
        found = [as_plain(one, desk.cuts[one.version], seen) for one, seen in every]
        print_json(found[0] if len(found) == 1 else found)
        return 0
    says = texts["share"]
    for one, seen in every:
        print(plain(one.says(seen)))
        if one.share is None:
            continue
        print(plain(says["against"].format(cut=one.cut, assembly=one.assembly, entry=one.entry)))
        for title, side in (("picture", one.share.picture), ("sound", one.share.sound)):
            if side.takes:
                counts = says["counts"].format(kept=sum(point.machine for point in side.points), points=len(side.points), takes=sum(take.machine for take in side.takes), shots=len(side.takes))
                print(plain(f"  {says[title]}: {counts}"))
        for point in one.kept if args.all else one.kept[:_MOST]:
            print(plain(f"    {point.timecode}  {point.before} | {point.after}"))
        if len(one.kept) > _MOST and not args.all:
            print(plain("    " + says["more"].format(count=len(one.kept) - _MOST)))
    print(says["kept"])
    return 0
