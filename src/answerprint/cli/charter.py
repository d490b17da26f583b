"""Commands over who decides what, and the first thought."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING, Any

from answerprint.cli import signing
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json, table, typed
from answerprint.model.records import AnswerprintError

if TYPE_CHECKING:
    from answerprint.book import Book
    from answerprint.crew import Seat
    from answerprint.model.judgments import Charter
    from answerprint.production import Production

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("charter", _charter)
    one.add_argument("--holder", action="append", default=[], metavar="JUDGMENT=WHO", help="grade=WHO, all=WHO, grade=nobody; may be said again")
    one.add_argument("--machine", action="append", default=[], metavar="JUDGMENT", help="hand a judgment to the machine; needs --why")
    one.add_argument("--why", default="", metavar="REASON", help="why the machine; stands wherever that judgment is shown")
    one.add_argument("--stricter", action="append", default=[], metavar="EXECUTION", help="captions, colour correction ...: a person decides it here")
    one.add_argument("--not-stricter", action="append", default=[], metavar="EXECUTION", help="the machine does it again by itself")
    one.add_argument("--leave", action="append", default=[], metavar="nothing", help="takes back what an older charter let leave in general; a service is let by --let")
    one.add_argument("--let", action="append", default=[], metavar="SERVICE=WHAT", help="a service may be asked, and have this: words of the brief, frames ...; or nothing of the shoot")
    one.add_argument("--no-let", action="append", default=[], metavar="SERVICE", help="it may be asked no more")
    one.add_argument("--unpriced", action="append", default=[], metavar="SERVICE", help="it may be asked where its price is not known")
    one.add_argument("--priced", action="append", default=[], metavar="SERVICE", help="it may be asked only where its price is known; takes --unpriced back")
    one.add_argument("--spend", action="append", default=[], metavar="AMOUNT", help="what services may cost here together: 50.00EUR")
    signing.add_key(one)
    one = command("intent", _intent)
    one.add_argument("--open", action="store_true", help="open your own; everybody may read it from then on")
    one.add_argument("--list", action="store_true", help="who sealed one, and when")
    signing.add_key(one)


# ---- the charter


def _charter(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import crew
    from answerprint.production import open

    production = open(args.folder)
    book = signing.book(production)
    content = None
    if args.holder or args.machine or args.stricter or args.not_stricter or args.leave:
        content = crew.charter(
            book, holders=[_holder(text) for text in args.holder], machine=dict.fromkeys(args.machine, args.why),
            stricter=args.stricter, not_stricter=args.not_stricter, leaves=args.leave,
        )  # fmt: skip
    if args.let or args.no_let or args.unpriced or args.priced or args.spend:
        content = _granted(production, book, content, args)
    if content is not None:
        signing.sign(production, content, args, lists=_changes(book, content), seen=book.head)
        book = signing.book(production)
    _show(book, args)
    return 0


def _granted(production: Production, book: Book, content: Charter | None, args: argparse.Namespace) -> Charter:
    """The charter with the services that may be asked. Only adapters of this house are opened: a key is unlocked here."""
    from answerprint import calling
    from answerprint.model.judgments import Charter

    now = content or (book.charter.content if book.charter else Charter(holders={}))
    named = {text.partition("=")[0].strip() for text in args.let}
    ready = {name: calling.opened(production.settings, name) for name in named if name in calling.setups(production.settings)}
    return calling.granted(now, book.charter.n if book.charter else None, lets=args.let, not_lets=args.no_let, unpriced=args.unpriced, priced=args.priced, spends=args.spend, providers=ready)


def _holder(text: str) -> tuple[str, str]:
    judgment, sign, who = text.partition("=")
    if not sign or not who.strip():
        raise signing.SigningError(f"--holder {text}: write the judgment, an equals sign and who holds it: grade=WHO")
    return judgment, who


def _changes(book: Book, content: Charter) -> list[str]:
    """What is another thing after this signature: judgments that go the same way on one line."""
    from answerprint.crew import services
    from answerprint.model.judgments import Holder

    was = book.charter.content if book.charter else None
    before = was.holders if was else {}
    ways: dict[str, list[str]] = {}
    for judgment in dict.fromkeys([*content.holders, *before]):
        old, new = before.get(judgment, Holder()), content.holders.get(judgment, Holder())
        if old != new:
            way = _who(book, new) + (f" (was {_who(book, old)})" if judgment in before else "")
            ways.setdefault(way, []).append(judgment)
    lines = [f"{', '.join(judgments)}: {way}" for way, judgments in ways.items()]
    for name in content.stricter:
        if was is None or name not in was.stricter:
            lines.append(f"{name}: a person decides it here, not the machine alone")
    lines += [f"{name}: the machine does it by itself again" for name in (was.stricter if was else ()) if name not in content.stricter]
    if (was.leaves if was else ()) != content.leaves:
        lines.append(f"let leave in general: {', '.join(content.leaves) or 'nothing'}")
    lines += [line for line in services(content) if was is None or line not in services(was)]
    gone = {one.provider for one in (was.lets if was else ())} - {one.provider for one in content.lets}
    lines += [f"{name} may be asked no more" for name in sorted(gone)]
    lines += [f"services may cost nothing in {currency} any more" for currency in (was.spends if was else {}) if currency not in content.spends]
    return [*lines, "everything else stays as it is"] if was else lines


def _who(book: Book, held: Any) -> str:
    from answerprint.crew import EMPTY

    if held.machine:
        return f"the machine, because: {held.because}"
    person = book.people.get(held.person or "")
    return person.name if person else EMPTY


def _show(book: Book, args: argparse.Namespace) -> None:
    from answerprint import crew

    seats, charter = crew.seats(book), book.charter
    leaves = charter.content.leaves if charter else ()
    if args.json:
        rows = [
            {"judgment": one.judgment, "holder": one.holder.name if one.holder else None, "machine": one.machine, "because": one.because,
             "by": one.by.name if one.by else None, "since": one.since, "stricter": one.stricter}
            for one in seats
        ]  # fmt: skip
        print_json({"entry": charter.n if charter else None, "seats": rows, "leaves": leaves, "services": crew.services(charter.content) if charter else []})
        return
    if charter:
        print(plain(f"Who decides what, as {charter.by.name} signed it on {signing.day(charter.at)} (entry {charter.n})"))
    else:
        print("Who decides what: nobody signed a charter yet.")
    table([(one.judgment, _seat(one)) for one in seats if not one.stricter])
    if strict := [one for one in seats if one.stricter]:
        print("\nThe machine's elsewhere, and here a person's")
        table([(one.judgment, _seat(one)) for one in strict])
    let = crew.services(charter.content) if charter else []
    print("\nServices" if let else "\nNo service may be asked: nothing leaves this machine.")
    for line in let:
        print(plain(f"{line}."))
    if leaves:
        print(f"Let leave in general: {', '.join(leaves)}. Nothing goes by that any more: a service is let by its name.")


def _seat(one: Seat) -> str:
    from answerprint.crew import EMPTY

    if one.machine:
        return f"the machine; {one.by.name if one.by else 'a producer'} handed it over (entry {one.since}): {one.because}"
    if one.holder is None:
        return EMPTY
    return one.holder.name if one.holder.live else f"{one.holder.name}, who has no key any more"


# ---- the first thought


def _intent(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.production import open

    production = open(args.folder)
    if args.list or (args.json and not args.open):
        return _list(production, args, texts)
    return _open(production, args, texts) if args.open else _seal(production, args, texts)


def _list(production: Production, args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import intent

    thoughts = intent.thoughts(signing.book(production))
    if args.json:
        print_json(
            [{"entry": one.n, "by": one.by.name, "at": one.at, "skipped": one.skipped, "opened": one.opened, "mind": one.mind, "content": one.content}
             for one in thoughts]
        )  # fmt: skip
        return 0
    if not thoughts:
        print("Nobody sealed a first thought here.")
    for one in thoughts:
        what = "first thought" if one.mind == 1 else "change of mind"
        state = "left out" if one.skipped else f"opened in entry {one.opened}" if one.opened else "sealed"
        print(plain(f"{one.by.name}, {signing.day(one.at)}: {what}, {state} (entry {one.n})"))
        _words(one.content, texts)
    return 0


def _words(content: dict[str, str] | None, texts: dict[str, Any]) -> None:
    from answerprint.intent import QUESTIONS

    table([(f"  {texts['intent'][one]}", said) for one in QUESTIONS if content and (said := content.get(one, ""))])


def _seal(production: Production, args: argparse.Namespace, texts: dict[str, Any]) -> int:
    """Ask for the passphrase first, then the questions: nothing that was said is lost to a mistyped passphrase."""
    from answerprint import intent
    from answerprint.ledger.sealing import SALT, seal

    signs = signing.signer(args, production)
    signing.allowed(production, intent.skipped(), by=signs.key_id)
    seal(signs, b"", os.urandom(SALT.start))
    book = signing.book(production)
    author = book.of_key(signs.key_id)
    said = [one for one in intent.thoughts(book) if author and one.by.id == author.id]
    print(texts["intent"]["again" if said else "begin"])
    content = _asked(texts)
    made = intent.skipped()
    try:
        made = intent.sealed(content, signs, production.keep)
        if made.skipped:
            lists = ["no first thought: it was left out, and the record says so"]
        else:
            answered = sum(bool(one) for one in content.values())
            lists = [f"{'a change of mind' if said else 'a first thought'}, sealed: {answered} of {len(content)} answered. Only you can open it."]
        entry = signing.sign(production, made, args, lists=lists, signs=signs)
    except (AnswerprintError, KeyboardInterrupt):
        if any(content.values()):
            print("Nothing was sealed. What you said, so that it is not lost (it stands nowhere else):")
            _words(content, texts)
        if made.envelope is not None and all(line.content.envelope != made.envelope for line in signing.book(production).intents):
            production.keep.path(made.envelope).unlink(missing_ok=True)  # no entry names it, and it holds somebody's words
        raise
    print(texts["intent"]["skipped" if made.skipped else "sealed"].format(entry=entry.n, folder=typed(args.folder)))
    return 0


def _asked(texts: dict[str, Any]) -> dict[str, str]:
    """The answers by question; "" for what was left out. "s" leaves out everything that follows."""
    from answerprint.intent import QUESTIONS

    content = dict.fromkeys(QUESTIONS, "")
    for one in QUESTIONS:
        try:
            said = signing.answer(f"{texts['intent'][one]}:", "A first thought is typed by a person.")
        except KeyboardInterrupt:
            if any(content.values()):
                print("\nNothing was sealed. What you said, so that it is not lost (it stands nowhere else):")
                _words(content, texts)
            raise
        if said.casefold() == "s":
            break
        content[one] = said
    return content


def _open(production: Production, args: argparse.Namespace, texts: dict[str, Any]) -> int:
    """All of an author's are opened together, the first one first: nobody shows only the one that fits."""
    from answerprint import intent
    from answerprint.ledger.sealing import sealed_by
    from answerprint.ledger.signer import find

    signs = signing.signer(args, production)
    book = signing.book(production)
    author = book.of_key(signs.key_id)
    lines = intent.unopened(book, author) if author else []
    if not lines:
        raise signing.SigningError(f"{author.name if author else 'Whoever has this key'} has no sealed first thought here that is not open.")
    lists = [f"what you sealed on {signing.day(line.at)} is open: everybody with this record reads it from now on" for line in lines]
    found, openers = [], {signs.key_id: signs}
    for line in lines:
        key = sealed_by(production.keep.get(line.content.envelope or ""))
        if key not in openers:  # one that signs no more still opens what it sealed
            openers[key] = find(key, ask=signing.ask)
        found.append(intent.opened(line, openers[key], production.keep))
    for content in found:
        signing.sign(production, content, args, lists=lists, signs=signs)
        args, lists = argparse.Namespace(**{**vars(args), "yes": True}), []
    return _list(production, args, texts)
