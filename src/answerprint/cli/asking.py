"""Asking a service from the terminal, in one place for all commands: what it would cost at most, to whom it goes and every word that leaves, the yes, and how far
it is. Without a terminal nobody can say yes: then only --yes asks. Ctrl-C says what had left by then.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TextIO

from answerprint.cli.printing import count, plain

if TYPE_CHECKING:
    from answerprint.calling import Asking, Planned
    from answerprint.desk import Desk
    from answerprint.model.providers import Provider

__all__ = ["Waiting", "add", "agreed", "waiting", "who"]

_ALIKE = 2  #: lines that two texts begin with, and that are printed again all the same: saying so would be as long


def add(parser: argparse.ArgumentParser) -> None:
    """--yes and --again, for a command that asks a service."""
    parser.add_argument("--yes", action="store_true", help="ask the service without asking you first")
    parser.add_argument("--again", action="store_true", help="with --yes: ask also where the same was asked before and its answer is not known; it may be paid twice")


def agreed(args: argparse.Namespace, texts: dict[str, Any], desk: Desk, provider: Provider, planned: Planned) -> Asking | None:
    """Say what would be asked; it, where somebody says yes to it, and None for a no. What is answered already needs none.

    Raises: CallError: something stands against it; every reason is said, and nothing left. --yes alone pays for nothing a second time.  SigningError: there is no terminal, and --yes was not said.
    """
    from answerprint import calling
    from answerprint.cli import signing

    asked = calling.looked(desk, provider, planned)
    if asked.why_not:
        raise calling.CallError(" ".join(asked.why_not))
    if asked.found:
        return asked
    stream, says = sys.stderr if args.json else sys.stdout, texts["asking"]
    print(plain(says["asks"].format(name=asked.service, where=asked.to or says["here"], what=asked.what)), file=stream)
    _leaves(asked.leaves, says, stream)
    print("  " + (says["carries"].format(what=", ".join(asked.carries)) if asked.carries else says["nothing"]), file=stream)
    print(plain("  " + says["costs"].format(price=asked.price, how=asked.how)), file=stream)
    if asked.open:
        who = says["open_by"].format(by=asked.open_by) if asked.open_by else ""
        print(plain("  " + says["open"].format(entries=", ".join(str(n) for n in asked.open), by=who)), file=stream)
    if asked.open and args.yes and not args.again:
        raise calling.CallError(says["open_yes"])
    if not args.yes and signing.answer(says["ask"], says["yes"], to_stderr=args.json).casefold() not in ("y", "yes"):
        print(says["not_asked"], file=stream)
        return None
    return asked


def who(args: argparse.Namespace, desk: Desk) -> str:
    """The name of whoever asks, as the crew's book has it; "" where they do not say.

    Raises: BookError: that name is not of the crew.
    """
    return str(desk.book.person(args.who).name) if args.who and desk.book is not None else ""


class Waiting:
    """How far a question is, on stderr: what is asked and for how many seconds at a terminal, else a line for each as it begins."""

    def __init__(self, name: str) -> None:
        self._name, self._what, self._begun = name, "", time.monotonic()

    def told(self, what: str, share: float = 0) -> None:
        """Hears which one is asked now; the share of the whole is not shown, the words say it."""
        if what != self._what:
            self._what, self._begun = what, time.monotonic()
            if not sys.stderr.isatty():
                print(f"{plain(self._name)}: {plain(what)}", file=sys.stderr, flush=True)
        self.cancel()

    def cancel(self) -> bool:
        """Asked again and again while a service works. It stops nothing; Ctrl-C does."""
        if sys.stderr.isatty():
            what = f"{plain(self._what)}, " if self._what else ""
            print(f"\r\033[K{plain(self._name)}: {what}{time.monotonic() - self._begun:.0f} s", end="", file=sys.stderr, flush=True)
        return False


@contextlib.contextmanager
def waiting(texts: dict[str, Any], provider: Provider) -> Iterator[Waiting]:
    """While a service is asked. Whoever stops it reads what had left by then."""
    before, says = len(provider.traffic), texts["asking"]
    try:
        yield Waiting(provider.name)
    except KeyboardInterrupt:
        _wiped()
        sent: dict[str, int] = {}
        for one in tuple(provider.traffic)[before:]:
            sent[one.host] = sent.get(one.host, 0) + one.sent
        print("\n".join(plain(says["left"].format(bytes=count(number, "byte"), host=host)) for host, number in sent.items()) or says["not_left"], file=sys.stderr)
        if sent:
            print(says["perhaps"], file=sys.stderr)
        raise
    finally:
        _wiped()


def _wiped() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _leaves(texts: tuple[str, ...], says: dict[str, str], stream: TextIO) -> None:
    """Every text that leaves. Lines that one has in common with the first, from its beginning, stand there once: several questions about one brief begin alike."""
    print("  " + says["leaves"], file=stream)
    first = texts[0].split("\n") if texts else []
    for number, text in enumerate(texts):
        lines, alike = text.split("\n"), 0
        while number and alike < min(len(lines), len(first)) and lines[alike] == first[alike]:
            alike += 1
        if alike > _ALIKE:
            print("    " + says["alike"].format(count=alike), file=stream)
            lines = lines[alike:]
        for line in lines:
            print(plain(f"    {line}".rstrip()), file=stream)
