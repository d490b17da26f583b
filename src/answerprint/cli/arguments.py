"""Commands of creative friction: objections and answers, ideas taken up, standing behind a part, remarks."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from answerprint.cli import signing
from answerprint.cli.parsing import Commands, here
from answerprint.cli.printing import plain, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from answerprint.book import Raised
    from answerprint.model.judgments import Human
    from answerprint.production import Production

__all__ = ["add"]

_IN = "the production; the one you stand in where not given"


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("object", _object, folder=False)
    one.add_argument("text", metavar="TEXT", help="the objection, in a sentence")
    one.add_argument("--idea", type=int, metavar="N", help="the critic's idea that it takes up")
    _about(one)
    _where(one)
    command("objections", _list)
    one = command("answer", _answer, folder=False)
    one.add_argument("number", metavar="O4", help="the objection, as the list numbers it")
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument("--no", dest="said", action="store_const", const="no", help="it stays as it is; needs --why")
    which.add_argument("--yes", dest="said", action="store_const", const="yes", help="it will be changed")
    one.add_argument("--why", default="", metavar="REASON", help="stands beside the objection for good")
    _where(one, unasked="--unasked")
    one = command("withdraw", _withdraw, folder=False)
    one.add_argument("number", metavar="O4", help="your own objection")
    one.add_argument("--why", default="", metavar="REASON", help="stands beside it, if you like")
    _where(one)
    one = command("second", _second, folder=False)
    one.add_argument("idea", type=int, metavar="N", help="the entry of the idea")
    one.add_argument("--says", dest="text", default="", metavar="TEXT", help="in your own words, if you like")
    _where(one)
    one = command("stand", _stand)
    one.add_argument("--part", required=True, nargs="+", metavar=("PART", "TEXT"), help="camera, light, edit, sound ...; and what you like to say about it")
    _about(one)
    signing.add_key(one)
    one = command("remark", _remark, folder=False)
    one.add_argument("text", metavar="TEXT", help="what was said")
    one.add_argument("--by", required=True, metavar="NAME", help="who said it")
    _about(one)
    one.add_argument("--in", dest="folder", metavar="FOLDER", help=_IN)


def _about(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", default="", metavar="THING", help="what it is about: cut:3, item:2; the film where not given")


def _where(parser: argparse.ArgumentParser, *, unasked: str = "--yes") -> None:
    parser.add_argument("--in", dest="folder", metavar="FOLDER", help=_IN)
    signing.add_key(parser, unasked=unasked)


def _there(production: Production, on: str) -> None:
    """Look whether what a word is about is there: an item, a version, a hero shot, a shot or a frame of the cut.

    Raises: ArgumentError, DeskError, FilmError: it is not; what there is, is said.
    """
    if not on.strip():
        return
    from answerprint.arguments import ArgumentError
    from answerprint.desk import Desk, nearest

    kind, _, rest = on.strip().partition(":")
    thing, _, version = rest.partition("@")
    desk = Desk(production)
    if kind in ("item", "hero"):
        desk.item(thing)
        if version:
            desk.family[version]
    elif kind == "film" and thing:
        desk.family[thing]
    elif kind == "frame" and thing and version.partition("#")[0].isdecimal():
        desk.cut_file(thing)
    elif kind == "cut" and thing.isdecimal():
        first = desk.family.first.name
        if first not in desk.cuts:
            raise ArgumentError(f"there are no shots to speak of yet: {desk.cut_problems[first]}")
        shots = _shots(desk.timeline(first))
        if not 1 <= int(thing) <= shots:
            raise ArgumentError(f"there is no shot {thing} in the cut of {first}: it has {shots}.")
    else:
        raise ArgumentError(f"{on!r} is nothing that a word can be about. {nearest(on, ['cut:1', 'item:1', 'film:master'])}")


def _shots(timeline: Any) -> int:
    """How many shots a cut has, as the cut page counts them."""
    from answerprint.timeline.cut import cut_info
    from answerprint.timeline.edit import edit_of
    from answerprint.timeline.shown import flat

    return len(flat(edit_of(timeline), cut_info(timeline).rate))


def _open(folder: str | None) -> Production:
    from answerprint.production import open

    return open(here(folder))


def _sign(production: Production, content: Human, args: argparse.Namespace, *, lists: Sequence[str], words: str, done: str) -> int:
    """Sign, and say what it now is."""
    entry = signing.sign(production, content, args, lists=lists, words=words)
    number = next((one.number for one in signing.book(production).objections if one.line.n == entry.n), None)
    if args.json:
        print_json({"entry": entry.n, "objection": number})
    else:
        print(plain(done.format(number=number, entry=entry.n)))
    return 0


# ---- objections


def _object(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import arguments

    production = _open(args.folder)
    content = arguments.objection(args.text, on=args.on, idea=args.idea)
    _there(production, args.on)
    if args.idea is not None:
        with signing.reader(production) as record:
            arguments.idea(record, args.idea)
    lists = [f"an objection to {content.on}: {content.text}", "it blocks until a named person answers, or you withdraw it"]
    return _sign(production, content, args, lists=lists, words=content.text, done="{number} (entry {entry}). It blocks until somebody answers.")


def _list(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    """Everything that was argued about: objections with answers, who stands behind what, remarks."""
    from answerprint import arguments
    from answerprint.book import Book

    production = _open(args.folder)
    with signing.reader(production) as record:
        book, said = Book(record), arguments.remarks(record)
    if args.json:
        rows = [
            {"number": one.number, "entry": one.line.n, "by": one.line.by.name, "on": getattr(one.line.content, "on", None), "text": _text(one),
             "open": one.open, "struck": one.line.struck, "idea": getattr(one.line.content, "idea", None),
             "answer": {"by": one.answer.by.name, "answer": one.answer.content.answer, "because": one.answer.content.because}
             if one.answer and hasattr(one.answer.content, "answer") else None}
            for one in book.objections
        ]  # fmt: skip
        stands = [{"by": one.by.name, "part": one.content.part, "about": one.content.about, "text": one.content.text} for one in arguments.stands(book)]
        print_json({"objections": rows, "stands": stands, "remarks": [one.__dict__ for one in said]})
        return 0
    for one in book.objections:
        print(plain(f"{one.number:<4} {book.then(one.line)}, on {getattr(one.line.content, 'on', '...')}: {_text(one)}"))
        print(plain(f"     {_answered(one)}"))
    if not book.objections:
        print("Nobody objected.")
    for line in arguments.stands(book):
        print(plain(f"{line.by.name} stands behind {line.content.part}{f': {line.content.text}' if line.content.text else ''}"))
    for remark in said:
        print(plain(f"Remark, not signed, by {remark.by} on {remark.on}: {remark.text}"))
    return 1 if any(one.open for one in book.objections) else 0


def _text(one: Raised) -> str:
    return getattr(one.line.content, "text", "withheld in this copy")


def _answered(one: Raised) -> str:
    if one.line.struck:
        return "Struck: the key that signed it was revoked from there on."
    if one.answer is None:
        return "Open: nobody answered yet."
    said, because = getattr(one.answer.content, "answer", "answered"), getattr(one.answer.content, "because", "withheld in this copy")
    who = f"Withdrawn by {one.answer.by.name}" if said == "withdrawn" else f"{said.capitalize()}, {one.answer.by.name}"
    return f"{who}: {because}" if because else f"{who}."


def _answer(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import arguments

    production = _open(args.folder)
    book = signing.book(production)
    content = arguments.answer(book, args.number, args.said, because=args.why)
    raised = book.objection(args.number)
    lists = [f"{raised.number}, {raised.line.by.name} on {getattr(raised.line.content, 'on', '...')}: {_text(raised)}"]
    lists.append(f"your answer: {content.answer}{f'. {content.because}' if content.because else ''}")
    return _sign(production, content, args, lists=lists, words=content.because, done=f"{raised.number} is answered: {content.answer} (entry {{entry}}).")


def _withdraw(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import arguments

    production = _open(args.folder)
    book = signing.book(production)
    content = arguments.withdrawal(book, args.number, because=args.why)
    raised = book.objection(args.number)
    lists = [f"{raised.number} is withdrawn: {_text(raised)}"]
    return _sign(production, content, args, lists=lists, words=content.because, done=f"{raised.number} is withdrawn (entry {{entry}}).")


def _second(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import arguments
    from answerprint.book import Book

    production = _open(args.folder)
    with signing.reader(production) as record:
        taken, book = arguments.idea(record, args.idea), Book(record)
    content = arguments.second(book, taken, text=args.text)
    lists = [
        f"{taken.critic} (a machine) in entry {taken.n}: {taken.text}",
        f"from now on it is your objection to {content.on}: {content.text}",
        "it blocks until a named person answers, or you withdraw it",
    ]
    return _sign(production, content, args, lists=lists, words=args.text, done="{number} (entry {entry}). It is yours now, and blocks until somebody answers.")


# ---- standing behind a part; remarks


def _stand(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import arguments

    production = _open(args.folder)
    content = arguments.stand(args.part[0], about=args.on, text=" ".join(args.part[1:]))
    _there(production, args.on)
    lists = [f"you stand behind {content.part}{f': {content.text}' if content.text else ''}"]
    return _sign(production, content, args, lists=lists, words=content.text, done=f"It stands in the record: {_safe(content.part)} (entry {{entry}}).")


def _safe(text: str) -> str:
    """A person's words inside a text that is still to be filled in."""
    return text.replace("{", "{{").replace("}", "}}")


def _remark(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import arguments

    production = _open(args.folder)
    body = arguments.remark(args.text, by=args.by, on=args.on)
    _there(production, args.on)
    with signing.writer(production) as record:
        entry = record.append("remark", body)
    if args.json:
        print_json({"entry": entry.n})
    else:
        print(f"Noted, not signed (entry {entry.n}). It blocks nothing.")
    return 0
