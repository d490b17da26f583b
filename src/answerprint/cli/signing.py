"""Signing at a terminal: which key, what it binds, the question, the passphrase, and the entry in the record.

Nothing else in the command line makes a signer. A page of commands hands over what is to be signed and the lines that say it.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from answerprint.cli.printing import plain, typed
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.book import Book
    from answerprint.ledger.store import Prepared, Record
    from answerprint.ledger.verify import Entry
    from answerprint.model.judgments import Human, Seen, Signs
    from answerprint.production import Production

__all__ = ["SigningError", "add_key", "allowed", "answer", "ask", "book", "day", "reader", "say", "sign", "signer", "writer"]


class SigningError(AnswerprintError):
    """Nobody could be asked, nobody said yes, or no key of this user is on the crew."""


def add_key(parser: argparse.ArgumentParser, *, option: str = "--key", unasked: str = "--yes") -> None:
    """`--key KEY` and `--yes`, for a command that signs, under other names where it has these. They land in `args.sign_with` and `args.yes`."""
    parser.add_argument(
        option, dest="sign_with", metavar="KEY", help="your key: its name, the beginning of its id, or a file; needed only where you have several"
    )
    parser.set_defaults(sign_option=option, sign_unasked=unasked)
    parser.add_argument(unasked, dest="yes", action="store_true", help="do not ask `Sign?`; a locked key asks for its passphrase all the same")


# ---- what a person is asked


def ask(prompt: str) -> str:
    """A passphrase, typed unseen at the terminal; "" gives up.

    Raises: SigningError where there is no terminal: a passphrase is never read from a pipe, an argument or the environment.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(plain(prompt).rstrip() + " ")
        except EOFError:
            return ""
        except (getpass.GetPassWarning, OSError) as cause:
            raise SigningError("There is no terminal here to ask for a passphrase. Use one, or a key in your ssh-agent.") from cause


def answer(prompt: str, otherwise: str, *, to_stderr: bool = False) -> str:
    """One line, typed at the terminal; "" where Ctrl-D was pressed.

    Args:   otherwise: what to do where there is no terminal.
    Raises: SigningError where there is none.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise SigningError(f"There is no terminal here to ask `{plain(prompt).partition(' [')[0].rstrip(':')}`. {otherwise}")
    stream = sys.stderr if to_stderr else sys.stdout
    print(plain(prompt), end=" ", flush=True, file=stream)
    try:
        return input().strip()
    except EOFError:
        print(file=stream)
        return ""


def say(args: argparse.Namespace, text: str = "") -> None:
    """A line of the conversation; beside the answer, where that is for another program."""
    print(plain(text), file=sys.stderr if getattr(args, "json", False) else sys.stdout)


# ---- whose key


def writer(production: Production) -> Record:
    """The record, open for writing, also where nothing was prepped yet.

    Raises: LedgerError; ProductionError where the disk refuses.
    """
    from answerprint.keep import KeepError, disk_sentence

    try:
        production.inside.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise KeepError(disk_sentence(cause, str(production.inside))) from cause
    if production.lost:
        raise SigningError(production.lost)
    return production.writer()


def reader(production: Production) -> Record:
    """The record, to be read.

    Raises: SigningError where there is none yet; LedgerError.
    """
    record = production.reader()
    if record is None and production.lost:
        raise SigningError(production.lost)
    if record is None:
        raise SigningError('Nobody is on the crew of this production yet. Begin with: answerprint crew add "FULL NAME" --role producer --key new')
    return record


def book(production: Production) -> Book:
    """The record as people read it.

    Raises: SigningError where there is none yet; LedgerError.
    """
    from answerprint.book import Book

    with reader(production) as record:
        return Book(record)


def allowed(production: Production, content: Human, *, by: str) -> None:
    """Say what the law has against something before anybody types or makes anything for it.

    Raises: Refused, LedgerError.
    """
    from answerprint.ledger.admit import Refused

    with writer(production) as record:
        prepared = record.prepare(content, by=by)
        if missing := record.missing(prepared):
            raise Refused(prepared.kind, missing)


def signer(args: argparse.Namespace, production: Production) -> Signs:
    """The key that was named, else the only one of this user that is enrolled here. The passphrase is asked at the first signature.

    Raises: SigningError: none of the user's keys is on the crew, or several are.  KeyRefused, LedgerError.
    """
    from answerprint.ledger import signer as keys

    option, asks = getattr(args, "sign_option", "--key"), _Asks()
    if args.sign_with:
        signs = keys.find(args.sign_with, ask=asks)
        asks.name = _called(production, signs.key_id)
        return signs
    crew = book(production)
    if not crew.people:
        raise SigningError('Nobody is on the crew yet. Begin with: answerprint crew add "FULL NAME" --role producer --key new')
    live = {key: one for one in crew.people.values() for key in one.live if crew.purpose(key) == "daily"}
    own = {one.key_id: one for one in keys.own_keys()}
    places = {key: str(own[key].path) for key in live if key in own} or _elsewhere(live)
    if not places:
        yours = ", ".join(one.name for one in own.values()) or "none yet"
        crew_names = ", ".join(one.name for one in crew.people.values())
        raise SigningError(
            f"None of your keys (you have: {yours}) is on the crew of this production ({crew_names}). "
            f"Name another with {option}, or let a producer enrol you with `answerprint crew add`. "
            f"A passkey signs in the room: answerprint room {typed(str(production.path))}"
        )
    if len(places) > 1:
        shown = " or ".join(f'{option} "{own[key].name}"' if key in own else f"{option} {key[:19]} ({live[key].name})" for key in places)
        raise SigningError(f"You have {len(places)} keys on this crew. Say which: {shown}.")
    ((key, place),) = places.items()
    asks.name = live[key].name
    return keys.find(place, ask=asks)


class _Asks:
    """Asks for a passphrase by the name of the person whose key it is; where that is not known, by the key's own."""

    def __init__(self) -> None:
        self.name = ""
        self._asked = False

    def __call__(self, prompt: str) -> str:
        again, self._asked = "Not that one. " if self._asked else "", True
        return ask(f"{again}{self.name}, your passphrase:" if self.name else prompt)


def _called(production: Production, key: str) -> str:
    record = production.reader()
    if record is None:
        return ""
    from answerprint.book import Book

    with record:
        person = Book(record).of_key(key)
    return person.name if person else ""


def _elsewhere(live: Collection[str]) -> dict[str, str]:
    """Enrolled keys of this user that lie where OpenSSH keeps them: in ~/.ssh, or in the agent. Key id -> what finds it."""
    from answerprint.ledger import signer as keys

    found: dict[str, str] = {}
    for key in live:
        try:
            keys.find(key, ask=ask)
        except keys.KeyRefused:
            continue
        found[key] = key
    usual = Path.home() / ".ssh" / "id_ed25519"
    if not found and usual.is_file():
        try:
            named = keys.find(str(usual), ask=ask).key_id
        except keys.KeyRefused:
            return found
        if named in live:
            found[named] = str(usual)
    return found


# ---- signing


def sign(
    production: Production, content: Human, args: argparse.Namespace, *, lists: Sequence[str], seen: Seen | None = None,
    signs: Signs | None = None, words: str = "", first: Callable[[], None] | None = None,
) -> Entry:  # fmt: skip
    """Say what a signature will bind, ask, sign, write.

    Args:   lists: what it binds, a line each, in a film person's words.  seen: the last entry on the screen, where the content was
            made from an older reading of the record.  signs: a key that was found before, so that its passphrase is asked once.
            words: what the person wrote; printed back where nothing comes of it, so that nobody types it again.
            first: what has to be on the disk before the signature is written; where it fails, nothing is.
    Raises: Refused: what is missing, said before anybody types a passphrase.  SigningError: they said no.  KeyRefused, LedgerError.
    """
    from answerprint.ledger.admit import Refused
    from answerprint.ledger.verify import NAMESPACE

    try:
        signs = signs or signer(args, production)
        with writer(production) as record:
            prepared = record.prepare(content, by=signs.key_id, seen=seen)
            if missing := record.missing(prepared):
                raise Refused(prepared.kind, missing)
            _show(record, prepared, args, lists, signs.key_id)
            signature = signs.sign(prepared.body, NAMESPACE)
            if first is not None:
                first()
            return record.append_signed(prepared, signature)
    except (AnswerprintError, KeyboardInterrupt):
        if words:
            print(f"Nothing was written. Your words, so that you need not find them again:\n  {plain(words)}", file=sys.stderr)
        raise


def _show(record: Record, prepared: Prepared, args: argparse.Namespace, lists: Sequence[str], key: str) -> None:
    """What is about to be signed, and the question."""
    state = record.state()
    person = state.people.get(state.keys[key].person) if key in state.keys else None
    if lists:
        say(args, f"{person.name}, your signature binds:" if person else "Your signature binds:")
    for line in lists:
        say(args, f"  {line}")
    if prepared.at < state.at:
        say(args, f"This machine's clock says {day(prepared.at)}, the last entry {day(state.at)}. The order is the record's.")
    otherwise = f"Run it at one, or with {getattr(args, 'sign_unasked', '--yes')}."
    if not args.yes and answer("Sign? [y/N]", otherwise, to_stderr=args.json).casefold() not in ("y", "yes"):
        raise SigningError("Not signed.")


def day(at: str) -> str:
    """An entry's time as a list shows it, by this machine's own clock: "2026-11-22 14:05"."""
    from datetime import datetime

    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
