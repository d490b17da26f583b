"""To refuse a piece that the machine made, or take that back: the same words under each command that makes one."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from answerprint.cli.printing import plain, print_json

if TYPE_CHECKING:
    from answerprint.finishing import Refusal

__all__ = ["add", "told"]


def add(command: argparse.ArgumentParser, piece: str | None, leaves: str) -> None:
    """The arguments: --refuse or --take-back, --by, --because.

    Args: piece: what is named behind them; None where the command has named it already.  leaves: what refusing it does, for the help.
    """
    way = command.add_mutually_exclusive_group()
    if piece is None:
        way.add_argument("--refuse", action="store_true", help=leaves)
        way.add_argument("--take-back", action="store_true", help="take the refusal back")
    else:
        way.add_argument("--refuse", metavar=piece, help=leaves)
        way.add_argument("--take-back", metavar=piece, help="take a refusal back")
    command.add_argument("--by", default="", metavar="NAME", help="who says so")
    command.add_argument("--because", default="", metavar="REASON", help="stands beside a refusal, if you like")


def told(args: argparse.Namespace, says: dict[str, str], said: Refusal) -> int:
    """Print what was refused or is wanted again; the exit code."""
    if args.json:
        from answerprint.model.records import to_plain

        print_json(to_plain(said))
    else:
        print(plain(says["refused" if args.refuse else "wanted"].format(about=said.about, by=said.by)))
    return 0
