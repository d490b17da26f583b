"""Commands of what clients send, and of what is lettered over the film: asset, supers."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json, table

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("asset", _asset, folder=False)
    one.add_argument("what", choices=("add", "list"), metavar="add | list", help="take a file in, or show what came, from whom and when")
    one.add_argument("folder", metavar="FOLDER", help="the production")
    one.add_argument("file", metavar="FILE", nargs="?", help="for add: the file that came")
    one.add_argument("--from", dest="said", default="", metavar="WHO", help="for add: who sent it and when: 'client, 3 Nov'")
    one.add_argument("--as", dest="name", default="", metavar="NAME", help="for add: what it goes by: logo; a newer one of that name takes its place")


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
    from answerprint import assets
    from answerprint.desk import Desk

    stale = assets.stale(Desk(production))
    if args.json:
        print_json({"asset": vars(added.asset), "again": added.again, "replaced": vars(added.replaced) if added.replaced else None, "stale": stale})
        return 0
    one = added.asset
    print(plain(says["again" if added.again else "replaces" if added.replaced else "added"].format(file=one.file, name=one.name, said=one.says, old=one.replaces)))
    if stale:
        print(plain(says["stale"].format(versions=", ".join(stale))))
        for line in (line for lines in stale.values() for line in lines):
            print(plain(f"  {line}"))
    return 0
