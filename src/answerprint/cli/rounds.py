"""Commands over what goes to the client and what comes back."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from answerprint.cli import signing
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json

if TYPE_CHECKING:
    from answerprint.rounds import Sent

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("round", _round)
    one.add_argument("cuts", metavar="CUT", nargs="+", help="a file in cuts/, or its name")
    one.add_argument("--to", required=True, metavar="WHO", help='"CLIENT, CONTACT"')
    signing.add_key(one)
    one = command("approval", _approval)
    one.add_argument("label", metavar="ROUND", help="as it was called: v03_r2, or only r2")
    one.add_argument("--by", required=True, metavar="CONTACT", help="who said it")
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument("--approved", dest="outcome", action="store_const", const="approved")
    which.add_argument("--refused", dest="outcome", action="store_const", const="refused")
    which.add_argument("--changes", action="append", default=[], metavar="CHANGE", help="what they want changed; may be said again")
    signing.add_key(one)
    command("rounds", _rounds)


def _round(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import rounds
    from answerprint.desk import Desk
    from answerprint.production import open

    production = open(args.folder)
    book = signing.book(production)
    desk = Desk(production)
    cuts = [rounds.cut_seal(desk, text) for text in args.cuts]
    content = rounds.round_of(book, cuts, to=args.to)
    lists = [f"{content.label} goes to {content.to}"]
    lists += [f"{cut.file}, exactly as it is now" + (f" (version {cut.version})" if len(cuts) > 1 else "") for cut in cuts]
    entry = signing.sign(production, content, args, lists=lists, seen=book.head)
    if args.json:
        print_json({"entry": entry.n, "label": content.label})
    else:
        print(plain(f'{content.label} is out (entry {entry.n}). What they say: answerprint approval {args.folder} {content.label} --by "CONTACT" ...'))
    return 0


def _approval(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import rounds
    from answerprint.desk import Desk
    from answerprint.production import open

    production = open(args.folder)
    book = signing.book(production)
    content = rounds.approval(book, args.label, contact=args.by, outcome=args.outcome or "changes", changes=args.changes)
    sent = next(one for one in rounds.sent(book, rounds.seals_now(Desk(production), book)) if one.line.n == content.round)
    lists = [f"{content.contact} on {sent.line.content.label}: {_said(content.outcome, content.changes)}"]
    lists += [f"it holds for {cut.file} as it went out" + _since(sent, cut.file) for cut in content.cuts]
    entry = signing.sign(production, content, args, lists=lists, seen=book.head, words="; ".join(args.changes))
    if args.json:
        print_json({"entry": entry.n, "round": sent.line.content.label, "outcome": content.outcome})
    else:
        print(plain(f"{sent.line.content.label}: {_said(content.outcome, content.changes)} (entry {entry.n})."))
    return 0


def _said(outcome: str, changes: Sequence[str]) -> str:
    return f"{'changes' if outcome == 'changes' else outcome}{': ' + '; '.join(changes) if changes else ''}"


def _since(one: Sent, file: str) -> str:
    """What became of a cut since it went out."""
    return ", which is another cut now" if file in one.changed else ", which is not there any more" if file in one.gone else ""


def _rounds(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import rounds
    from answerprint.desk import Desk
    from answerprint.production import open

    production = open(args.folder)
    book = signing.book(production)
    sent = rounds.sent(book, rounds.seals_now(Desk(production), book))
    if args.json:
        print_json([_plain(one) for one in sent])
        return 0
    if not sent:
        print("Nothing went out yet.")
    for one in sent:
        content = one.line.content
        print(plain(f"{content.label}  to {content.to}, sent by {one.line.by.name}, {signing.day(one.line.at)}"))
        for cut in content.cuts:
            print(plain(f"    {cut.file}{_since(one, cut.file)}"))
        for line in one.answers:
            print(plain(f"    {line.content.contact}, {signing.day(line.at)}: {_said(line.content.outcome, line.content.changes)}"))
        if one.open:
            print("    Nothing came back yet.")
    return 0


def _plain(one: Sent) -> dict[str, Any]:
    from answerprint.model.records import to_plain

    content = one.line.content
    answers = [
        {"entry": line.n, "contact": line.content.contact, "outcome": line.content.outcome, "changes": line.content.changes, "told_by": line.by.name}
        for line in one.answers
    ]
    return {"entry": one.line.n, "label": content.label, "to": content.to, "at": one.line.at, "by": one.line.by.name, "cuts": to_plain(content.cuts),
            "changed": one.changed, "gone": one.gone, "answers": answers}  # fmt: skip
