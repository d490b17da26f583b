"""The command that renders a version."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("deliver", _deliver)
    one.add_argument("--spec", required=True, metavar="SPECS", help="one or more, with commas: youtube,tv-eu; `answerprint specs` lists them")
    one.add_argument("--version", default="", metavar="VERSION", help="a version of versions.csv; the first one where not given")
    one.add_argument("--preview", action="store_true", help="with NOT SIGNED over every frame; needs no signature")


def _deliver(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.desk import Desk
    from answerprint.model.records import to_plain
    from answerprint.previews import preview
    from answerprint.production import open
    from answerprint.progress import steps

    production = open(args.folder)
    if not args.preview:
        print(texts["deliver"]["only_previews"].format(folder=plain(args.folder)), file=sys.stderr)
        return 2
    version = args.version or Desk(production).family.versions[0].name
    with steps(sys.stderr) as watch:
        made = preview(production, version, [name.strip() for name in args.spec.split(",") if name.strip()], watch=watch)
    if args.json:
        print_json([{"path": str(one.path), "rendered": to_plain(one.rendered), "findings": to_plain(one.findings), "sentences": one.sentences} for one in made])
    else:
        for one in made:
            print(plain(texts["deliver"]["made"].format(path=one.path, frames=count(one.rendered.film_frames, "frame"))))
            for sentence in one.sentences:
                print(f"  {plain(sentence)}")
            wrong = [found for found in one.findings if found.weight != "note"]
            print("  " + (texts["deliver"]["found"].format(count=count(len(wrong), "thing")) if wrong else texts["deliver"]["nothing"]))
            for found in wrong:
                print(f"    {found.weight} {plain(found.check)}: {plain(found.says)}")
    return 1 if any(found.weight == "FAIL" for one in made for found in one.findings) else 0
