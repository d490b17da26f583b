"""The command over what nobody planned."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, length, plain, print_json, table, typed

__all__ = ["add"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("accidents", _accidents)
    one.add_argument("--all", action="store_true", help="everything that was found, not only up to three a minute")
    one.add_argument("--reel", action="store_true", help="also make the reel: five minutes for a day of two hours")


def _accidents(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import accidents
    from answerprint.desk import Desk
    from answerprint.production import open

    production = open(args.folder)
    desk = Desk(production)
    says = texts["accidents"]
    if args.reel:
        from answerprint.progress import steps

        with steps(sys.stderr) as watch:
            path, chosen, missing = accidents.reel(production, watch=watch)
        print(says["reel"].format(path=plain(str(path)), shown=count(len(chosen), "accident"), left=missing), file=sys.stderr if args.json else sys.stdout)
    view = accidents.view(desk)
    rows = accidents.found(desk) if args.all else tuple(one.accident for one in chosen) if args.reel else view.shown
    if args.json:
        print_json([accidents.plain(one) for one in rows])
        return 0
    if not rows:
        print(says["unprepared" if accidents.waiting(desk) else "none"])
        return 0
    file = ""
    for one in rows:
        if one.file != file:
            file = one.file
            print(f"\n{plain(file)}  {plain(one.setup)}")
        table([(f"  {one.in_s:.1f} - {one.out_s:.1f} s", one.kind, one.evidence, f"against {one.against}" + (f"; {one.where}" if one.where and one.where != one.kind else ""))])
    left = 0 if args.all or args.reel else view.left
    print("\n" + says["count" if not left else "left"].format(shown=count(len(rows), "accident"), left=left, length=length(view.looked_s), rule=view.rule, folder=typed(args.folder)))
    return 0
