"""The command line: one function per command, a page of them per module; each prints what the API returns.

Exit codes: 0 done; 1 done, and something needs a person (a file that could not be read, a finding); 2 not done, the sentence
says why; 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from answerprint import __version__
from answerprint.cli import (
    accidents,
    arguments,
    caption,
    charter,
    choosing,
    clean,
    correct,
    cost,
    credentials,
    crew,
    critics,
    deck,
    deliver,
    draft,
    easy,
    fill,
    gate,
    library,
    preview,
    providers,
    record,
    reframe,
    room,
    rounds,
    share,
    shoot,
    supers,
    versions,
)
from answerprint.cli.parsing import Run
from answerprint.cli.printing import plain

__all__ = ["main"]


def _texts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent.parent / "texts" / "en.toml").read_text(encoding="utf-8"))


def _parser(texts: dict[str, Any]) -> argparse.ArgumentParser:
    says = texts["help"]
    parser = argparse.ArgumentParser(prog="answerprint", description=says["main"])
    parser.add_argument("--version", action="version", version=f"answerprint {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, run: Run, *, folder: bool = True, as_json: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says[name], description=says[name])
        made.set_defaults(run=run)
        if folder:
            made.add_argument("folder", metavar="FOLDER", help="the production")
        if as_json:
            made.add_argument("--json", action="store_true", help="for other programs")
        return made

    for page in (shoot, accidents, crew, charter, choosing, arguments, rounds, gate, record, deliver, credentials, room, preview, supers, correct, clean, caption, reframe, versions, share, draft, easy, fill, critics, cost, providers, library, deck):
        page.add(command)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    texts = _texts()
    args = _parser(texts).parse_args(arguments)
    from answerprint.model.records import AnswerprintError

    try:
        return int(args.run(args, texts))
    except AnswerprintError as error:
        text = str(error).removesuffix("".join(f"\n  {line}" for line in error.more))
        print("\n".join([f"answerprint: {plain(text)}", *(f"  {plain(line)}" for line in error.more)]), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n" + texts["prep" if args.command == "prep" else "error"]["stopped"], file=sys.stderr)
        return 130
    except BrokenPipeError:  # `answerprint status | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("ANSWERPRINT_TRACEBACK"):
            raise
        print(texts["error"]["unexpected"].format(what=plain(f"{type(error).__name__}: {error}")), file=sys.stderr)
        return 2


