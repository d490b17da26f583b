"""The work behind a page, in a process of its own: `python -m answerprint.room.work check ...`. Says how far it is, one JSON line at a time."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.keep import disk_sentence
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["main"]

_LINE_S = 3  #: for how long a service may take to notice that nobody waits for it any more
_TIDY_S = 5  #: for how long half-made work is put away once the room is gone
Told = Callable[[str, float], None]


def main(argv: list[str]) -> int:
    """Do one piece of work. Every fault leaves as one sentence."""
    parser = argparse.ArgumentParser(prog="answerprint.room.work", allow_abbrev=False)
    kinds = parser.add_subparsers(dest="kind", required=True)
    one = kinds.add_parser("check")
    one.add_argument("file", type=Path)
    one.add_argument("folder", type=Path, help="where what was found is put")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--called", default="", help="its name, where that is not the file's")
    one.add_argument("--spec", default="")
    one.add_argument("--expected", default="", help="what the render says it made, as JSON")
    for kind in ("make", "deliver"):
        one = kinds.add_parser(kind)
        one.add_argument("--production", type=Path, required=True)
        one.add_argument("--version", action="append", default=[])
        one.add_argument("--spec", action="append", default=[])
    one = kinds.add_parser("correct")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--reference", action="append", default=[])
    one.add_argument("--chart", action="append", default=[])
    for kind in ("clean", "mix"):
        one = kinds.add_parser(kind)
        one.add_argument("--production", type=Path, required=True)
        one.add_argument("--version", default="")
        one.add_argument("--stems", action="store_true")
    one = kinds.add_parser("caption")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--version", required=True)
    one.add_argument("--lang", required=True)
    one.add_argument("--rules", default=None)
    one.add_argument("--words", type=Path, default=None)
    one = kinds.add_parser("reframe")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--version", required=True)
    one = kinds.add_parser("supers")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--data", required=True)
    one = kinds.add_parser("easy")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--version", required=True)
    one.add_argument("--person", required=True)
    one = kinds.add_parser("critics")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--version", required=True)
    one.add_argument("--assembly", action="store_true")
    one = kinds.add_parser("ask")
    one.add_argument("--production", type=Path, required=True)
    one = kinds.add_parser("deck")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--format", action="append", default=[])
    one = kinds.add_parser("library")
    one.add_argument("--production", type=Path, required=True)
    one.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what is half-made is put away on the way out
    args.said = _line() if args.kind in ("ask", "deck") else ""
    threading.Thread(target=_ends_with_the_room, daemon=True).start()
    with contextlib.suppress(AttributeError, OSError):  # whoever looks at a page goes before
        os.nice(10)
    try:
        {"check": _check, "make": _make, "deliver": _deliver, "correct": _correct, "clean": _clean, "mix": _mix, "caption": _caption, "reframe": _reframe, "supers": _supers, "easy": _easy, "critics": _critics, "library": _library, "ask": _ask, "deck": _deck}[args.kind](args)
    except AnswerprintError as error:
        return _wrong(str(error).splitlines()[0])  # what is missing stands on the page, by person
    except MemoryError:
        return _wrong("there is not enough memory for this.")
    except OSError as error:
        return _wrong(disk_sentence(error, "what was made"))
    return 0


def _check(args: argparse.Namespace) -> None:
    from answerprint.room.looking import look

    look(args.file, args.folder, called=args.called or args.file.name, production=args.production, spec=args.spec, expected=args.expected, told=_told)


def _make(args: argparse.Namespace) -> None:
    from answerprint import delivering
    from answerprint.production import open

    delivering.make(open(args.production), args.version, args.spec, watch=_told)


def _deliver(args: argparse.Namespace) -> None:
    from answerprint import delivering, watched
    from answerprint.desk import Desk
    from answerprint.film import Cut
    from answerprint.model.charter import Judgment
    from answerprint.production import open

    production = open(args.production)
    book = Desk(production).book
    holder = book.holder(Judgment.SIGN_OFF) if book else None

    def seen(cut: Cut) -> bool:
        return holder is not None and watched.seen(production, holder.id, watched.sheet(cut.version, cut.seal), "looked")

    delivering.deliver(production, args.version, args.spec, sheet_seen=seen, watch=_told)


def _correct(args: argparse.Namespace) -> None:
    from answerprint import correcting
    from answerprint.production import open
    from answerprint.room import corrections

    production = open(args.production)
    corrections.put(production, correcting.correct(production, references=args.reference, charts=args.chart, watch=_told))


def _clean(args: argparse.Namespace) -> None:
    from answerprint import cleaning
    from answerprint.production import open

    cleaning.clean(open(args.production), watch=_told)


def _mix(args: argparse.Namespace) -> None:
    from answerprint.cleaning.mix import mix
    from answerprint.production import open

    mix(open(args.production), args.version, stems=args.stems, watch=_told)


def _caption(args: argparse.Namespace) -> None:
    from answerprint import captioning
    from answerprint.production import open

    _told("captions", 0.0)
    captioning.caption(open(args.production), args.lang, version=args.version, words=args.words, rules=args.rules)


def _reframe(args: argparse.Namespace) -> None:
    from answerprint import reframing
    from answerprint.desk import Desk
    from answerprint.production import open

    reframing.reframe(Desk(open(args.production)), args.version, watch=_told)


def _supers(args: argparse.Namespace) -> None:
    from answerprint import supering
    from answerprint.production import open
    from answerprint.room import lettering

    production = open(args.production)
    try:
        supering.supers(production, production.path / args.data, watch=_told)
    except supering.SuperingError as error:
        lettering.put(production, args.data, error.more or [str(error)])  # all of it stands on the page
        raise
    lettering.put_away(production)


def _easy(args: argparse.Namespace) -> None:
    from answerprint.desk import Desk
    from answerprint.easiness import kept
    from answerprint.production import open

    kept.make(Desk(open(args.production)), args.version, person=args.person, watch=_told)


def _critics(args: argparse.Namespace) -> None:
    from answerprint import critiquing
    from answerprint.desk import Desk
    from answerprint.production import open

    critiquing.critique(Desk(open(args.production)), args.version, assembly=args.assembly, watch=_told)


def _library(args: argparse.Namespace) -> None:
    from answerprint import shelving

    def told(what: str, number: int, of: int, file: str) -> None:
        _told(f"{what} {number} of {of}: {Path(file).name[:60]}", (number - 1) / of)

    with shelving.Shelf() as shelf:
        shelving.add(shelf, args.folder, progress=told)


def _ask(args: argparse.Namespace) -> None:
    from answerprint.desk import Desk
    from answerprint.production import open
    from answerprint.room import RoomError, asked

    stopped = threading.Event()  # the line is cut from within, so that the record learns what had left

    def stop(*_: object) -> None:
        stopped.set()
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, lambda *_: sys.exit(1))
            signal.setitimer(signal.ITIMER_REAL, _LINE_S)

    signal.signal(signal.SIGTERM, stop)
    told = json.loads(args.said)
    begun, before, asks = time.monotonic(), -1, told["service"]

    def cancelled() -> bool:
        nonlocal before
        if (now := int(time.monotonic() - begun)) != before:
            before = now
            with contextlib.suppress(OSError):  # the room may be gone: the line is cut all the same
                _told(f"{asks}, {now} s", 0.0)
        return stopped.is_set()

    def watch(what: str, done: float) -> None:
        nonlocal begun, before, asks
        begun, before, asks = time.monotonic(), -1, f"{told['service']}, {what}"

    production = open(args.production)
    book = Desk(production).book
    person = book.people.get(told["person"]) if book is not None else None
    if person is None or not person.live:  # it waited for its turn, and they left meanwhile
        raise RoomError(f"{told['by']} has no key here any more. Nothing was asked.")
    since = _last(production)
    try:
        asked.carry_out(production, asked.road(told["road"]), told["service"], told["wanted"], told["agreed"], by=told["by"], cancel=cancelled, watch=watch)
    except BaseException:
        if stopped.is_set() and (says := asked.cut_off(production, told["service"], since=since)):
            print(json.dumps({"after": says}), flush=True)  # whoever pressed Stop reads at once what that may cost
        raise


def _last(production: Production) -> int:
    record = production.reader()
    if record is None:
        return 0
    with record:
        return record.head()[0]


def _deck(args: argparse.Namespace) -> None:
    from answerprint.production import open
    from answerprint.room import decks

    decks.make(open(args.production), args.format, decks.Said(**json.loads(args.said)), told=_told)


def _told(what: str, done: float) -> None:
    print(json.dumps({"what": what, "done": round(done, 3)}), flush=True)


def _wrong(says: str) -> int:
    print(json.dumps({"wrong": says}), flush=True)
    return 1


def _line() -> str:
    """What the room tells this work alone, in one line; what stands on a command line, everybody on this machine can read."""
    told = b""
    while not told.endswith(b"\n") and (part := os.read(0, 65_536)):
        told += part
    return told.decode()


def _ends_with_the_room() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_TIDY_S)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
