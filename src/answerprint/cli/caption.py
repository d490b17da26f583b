"""The command that captions a version."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli import refusing
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json

if TYPE_CHECKING:
    from answerprint.captioning import Captioned
    from answerprint.production import Production

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("caption", _caption)
    one.add_argument("--lang", required=True, metavar="CODE", help="of the captions: en, de, ja, pt-BR; another language than the spoken one needs --words")
    one.add_argument("--version", metavar="VERSION", help="a version of versions.csv; the first one where not given")
    one.add_argument("--words", metavar="CSV", help="somebody's words in that language: columns item and text")
    rules = one.add_mutually_exclusive_group()
    rules.add_argument("--teletext", action="store_const", dest="rules", const="teletext", help="37 characters a line")
    rules.add_argument("--608", action="store_const", dest="rules", const="608", help="32 characters a line, and .scc beside the others")
    rules.add_argument("--standard", action="store_const", dest="rules", const="standard", help="42 characters a line, where they were made otherwise before")
    one.add_argument("--formats", default="", metavar="KINDS", help="with commas: srt,vtt,ttml,scc; the first three where not given")
    refusing.add(one, None, "you do not want these captions: they are not made anew and go with no film")


def _caption(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import captioning
    from answerprint.production import open

    production, says = open(args.folder), texts["caption"]
    if args.refuse or args.take_back:
        return _piece(args, says, production)
    kinds = [kind.strip().lower().lstrip(".") for kind in args.formats.split(",") if kind.strip()]
    done = captioning.caption(production, args.lang, version=args.version, words=Path(args.words) if args.words else None, rules=args.rules, formats=kinds)
    if args.json:
        print_json(_plain(done))
    else:
        _print(done, says, production)
    return 1 if done.says or done.faults else 0


def _piece(args: argparse.Namespace, says: dict[str, str], production: Production) -> int:
    from answerprint import captioning

    change = captioning.refuse if args.refuse else captioning.take_back
    return refusing.told(args, says, change(production, args.version, args.lang, by=args.by, because=args.because))


def _plain(done: Captioned) -> dict[str, Any]:
    from answerprint.model.records import to_plain

    return {
        "version": done.version, "language": done.language, "files": [str(path) for path in done.files], "captions": to_plain(list(done.captions)),
        "edited": sorted(done.edited), "faults": to_plain(list(done.faults)), "says": list(done.says), "entry": done.entry,
    }  # fmt: skip


def _print(done: Captioned, says: dict[str, str], production: Production) -> None:
    print(plain(says["made"].format(version=done.version, language=done.language, count=count(len(done.captions), "caption"))))
    if done.edited:
        print(plain(says["edited"].format(count=count(len(done.edited), "caption"))))
    for path in done.files:
        print(f"  {plain(str(path.relative_to(production.path)))}")
    for sentence in (*(fault.says for fault in done.faults), *done.says):
        print(plain(sentence))
