"""The work behind a page, in a process of its own: `python -m answerprint.room.work check ...`. Says how far it is, one JSON line at a time."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError

__all__ = ["main"]

Told = Callable[[str, float], None]


def main(argv: list[str]) -> int:
    """Do one piece of work. Every fault leaves as one sentence."""
    parser = argparse.ArgumentParser(prog="answerprint.room.work", allow_abbrev=False)
    kinds = parser.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("check")
    one.add_argument("file", type=Path)
    one.add_argument("folder", type=Path, help="where what was found is put")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--spec", default="")
    one.add_argument("--expected", default="", help="what the render says it made, as JSON")
    args = parser.parse_args(argv)
    threading.Thread(target=_ends_with_the_room, daemon=True).start()
    with contextlib.suppress(AttributeError, OSError):  # whoever looks at a page goes before
        os.nice(10)
    try:
        _check(args)
    except AnswerprintError as error:
        return _wrong(str(error))
    except MemoryError:
        return _wrong("there is not enough memory for this film.")
    except OSError as error:
        return _wrong(disk_sentence(error, "what was found"))
    return 0


def _check(args: argparse.Namespace) -> None:
    from answerprint.room.looking import look

    look(args.file, args.folder, production=args.production, spec=args.spec, expected=args.expected, told=_told)


def _told(what: str, done: float) -> None:
    print(json.dumps({"what": what, "done": round(done, 3)}), flush=True)


def _wrong(says: str) -> int:
    print(json.dumps({"wrong": says}), flush=True)
    return 1


def _ends_with_the_room() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
