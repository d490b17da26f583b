"""Commands of choosing and signing: choose, choices, sign."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from answerprint.cli import signing
from answerprint.cli.gate import played, sheets, show
from answerprint.cli.parsing import Commands, here
from answerprint.cli.printing import plain, print_json, typed

if TYPE_CHECKING:
    from answerprint.book import Person
    from answerprint.desk import Desk
    from answerprint.gestures import Gesture
    from answerprint.model.judgments import Signs
    from answerprint.production import Production
    from answerprint.signoff import Page

__all__ = ["add"]

_GESTURES = ("selects", "lock", "finish", "again", "off")
_LETTERS = {"y": "yes", "s": "scrap", "r": "release"}


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("choose", _choose, folder=False)
    one.add_argument("what", metavar="THING", help="item:3, film, film:square, grade, mix, bed, framing:7, framing:7@square")
    one.add_argument("choice", metavar="CHOICE", nargs="*", help="a take (A001_C005#2, or 1A-3), a cut, a file, none, as-shot, as-cut; film:square grade FILE is grade:square FILE")
    one.add_argument("--judged-on", metavar="WHERE", help="of a grade, a mix, a bed: what it was judged on, 'graded monitor', headphones ...")
    one.add_argument("--because", default="", metavar="REASON", help="stands beside the choice, if you like")
    one.add_argument("--from", dest="start", metavar="TC", help="of a music bed: where in the film it begins")
    one.add_argument("--to", dest="end", metavar="TC", help="of a music bed: where it ends")
    one.add_argument("--gain", metavar="DB", help="of a mix: the one gain over all of it that technical QC offered, where you take it")
    one.add_argument("--clear", action="store_true", help="take the draft away")
    one.add_argument("--in", dest="folder", metavar="FOLDER", help="the production; the one you stand in where not given")
    one = command("choices", _choices, folder=False)
    one.add_argument("--in", dest="folder", metavar="FOLDER", help="the production; the one you stand in where not given")
    one = command("sign", _sign)
    one.add_argument("gesture", choices=_GESTURES, metavar="selects | lock | finish | again | off", help="which of the signatures")
    one.add_argument("cuts", nargs="*", metavar="CUT", help="for off: versions by name, or their cuts, or all")
    one.add_argument("--only", action="append", default=[], metavar="THING", help="for again: only this; may be said again")
    one.add_argument("--answer", choices=("yes", "scrap", "release"), help="for off: what you say to the question; --yes alone never answers it")
    one.add_argument("--scrap", choices=("strings", "assembly", "this cut"), metavar="NEXT", help="for off: no; the next one starts from strings, assembly or 'this cut'")
    one.add_argument("--release", action="store_true", help="for off: a producer lets it out unsigned")
    one.add_argument("--note", action="append", default=[], metavar="'N: TEXT'", help="for off: what you say to technical QC's warning N; may be said again")
    one.add_argument("--because", default="", metavar="REASON", help="for off: scrapping and releasing unsigned need it")
    signing.add_key(one)


# ---- choosing


def _choose(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import choosing
    from answerprint.desk import Desk
    from answerprint.production import open

    production = open(here(args.folder))
    args.what, args.choice = _meant(args.what, args.choice)
    if args.clear and args.choice:
        from answerprint.desk import DeskError

        raise DeskError(f"--clear takes the draft of {args.what} away, and {args.choice} would be a new one. Say one of the two.")
    if args.clear:
        gone = choosing.clear(production, args.what)
        if args.json:
            print_json([vars(one) for one in gone])
            return 0
        for one in gone:
            print(plain(f"{choosing.described(one.judgment, one.about)}: the draft is gone ({choosing.told(one.choice)})."))
        return 0
    desk = Desk(production)
    meta = choosing.judged(desk, args.what, args.judged_on) if args.judged_on else {}
    desk, made = choosing.choose(production, args.what, args.choice, because=args.because, start=args.start, end=args.end, gain=args.gain, meta=meta, desk=desk)
    if args.json:
        print_json([vars(one) for one in made])
        return 0
    for one in made:
        for line in choosing.said(desk, one):
            print(plain(line))
    return 0


def _meant(what: str, words: list[str]) -> tuple[str, str | None]:
    """The thing and the choice: `film:square grade x.cdl` is the grade of square; several words are one name with spaces."""
    kind, colon, version = what.partition(":")
    if kind.casefold() == "film" and words and words[0].casefold() in ("grade", "mix", "bed"):
        what, words = f"{words[0].casefold()}{colon}{version}", words[1:]
    return what, " ".join(words) or None


def _choices(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import choosing
    from answerprint.desk import Desk
    from answerprint.production import open

    desk = Desk(open(here(args.folder)))
    rows = choosing.choices(desk)
    if args.json:
        print_json([vars(row) for row in rows])
        return 0
    for row in rows:
        state = "a draft" if row.signed is None else f"signed by {row.signed}"
        print(plain(f"{choosing.described(row.judgment, row.about, desk.items)}: {row.says} ({state}{', stale' if row.stale else ''})"))
        if row.because:
            print(plain(f"    because: {row.because}"))
        for why in row.stale:
            print(plain(f"    since then: {why}"))
    if not rows:
        print(texts["choices"]["none"])
    elif any(row.stale for row in rows):
        print(texts["choices"]["stale"])
    return 0


# ---- signing


def _sign(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.desk import Desk
    from answerprint.gestures import GestureError
    from answerprint.production import open

    if args.gesture != "off" and (args.cuts or args.answer or args.scrap or args.release or args.because or args.note):
        raise GestureError("a cut, --answer, --scrap, --release, --note and --because belong to `sign FOLDER off`.")
    if args.gesture != "again" and args.only:
        raise GestureError("--only belongs to `sign FOLDER again`.")
    if len(_named(args)) > 1:
        raise GestureError(f"{' and '.join(_named(args))} are different answers to one question. Give one.")
    production = open(args.folder)
    signs = signing.signer(args, production)
    desk = Desk(production)
    person = desk.book.of_key(signs.key_id) if desk.book else None
    if person is None:
        raise GestureError(f"the key {signs.key_id} is not on the crew of this production. A producer adds it: answerprint crew add NAME --key FILE.pub")
    if args.gesture == "off":
        return _off(args, texts, production, desk, person, signs)
    return _gesture(args, production, desk, person, signs)


def _gesture(args: argparse.Namespace, production: Production, desk: Desk, person: Person, signs: Signs) -> int:
    from answerprint import choosing, drafts, gestures

    if args.gesture == "again":
        named = [(str(judgment), meant.about) for text in args.only for meant in [choosing.thing(desk, text)] for judgment in meant.judgments]
        made: Gesture = gestures.again(desk, person, only=named)
    else:
        made = gestures.gesture(desk, args.gesture, person)
    for line in made.lost:
        signing.say(args, f"Not in it: {line}")
    entry = signing.sign(production, made.content, args, lists=made.lines, seen=made.seen, signs=signs)
    drafts.clear(production.inside, *made.drafts)
    if args.json:
        print_json({"entry": entry.n, "decisions": [vars(one) for one in made.content.decisions], "theirs": made.theirs, "lost": made.lost})
        return 0
    print(plain(f"Signed in entry {entry.n} by {person.name}."))
    for line in made.theirs:
        print(plain(f"Not yours: {line}"))
    return 0


# ---- the check


def _off(args: argparse.Namespace, texts: dict[str, Any], production: Production, desk: Desk, person: Person, signs: Signs) -> int:
    from answerprint import intent, signoff

    def page_with(notes: list[str]) -> Page:
        return signoff.page(desk, person, args.cuts, sheet_seen=sheets(production, person), notes=notes, played=played(production, person))

    page = page_with(args.note)
    may = signoff.answers(desk, person)
    answer = next(iter(_named(args)), "")
    if answer:
        signoff.may_say(desk, person, answer)
    if sealed := [one for one in intent.thoughts(desk.book) if one.by.id == person.id and not one.skipped and one.opened is None] if desk.book else []:
        signing.say(args, texts["sign"]["sealed"].format(at=signing.day(sealed[0].at), folder=typed(args.folder)))
    _before(args, texts, page, answer)
    answer = answer or _asked(args, may)
    if answer:
        signoff.may_say(desk, person, answer)
    if answer in ("yes", "release") and (spoken := _spoken_to(args, page)):
        page = page_with([*args.note, *spoken])
    because, start = args.because, args.scrap
    if answer in ("scrap", "release") and not because:
        because = signing.answer("Why?", "Say it with --because.", to_stderr=args.json)
    if answer == "scrap" and start is None:
        told = signing.answer("The next one starts from: strings, assembly, this cut?", "Say it with --scrap.", to_stderr=args.json)
        start = next((one for one in signoff.NEXT if told and one.startswith(told.casefold())), None)
        if start is None:
            said = f" Nothing was written. Your reason was: {because}" if because else ""
            raise signoff.SignOffError(f"the next one starts from the strings, the assembly or this cut, not from {told!r}.{said}")
    lists = [f"{one.version}: {one.file}, {one.seal[:19]}…" for one in page.cuts]
    lists += [f"the film of {one.version} for {one.spec}: {one.file}, {one.essence[:19]}…" for one in page.seals]
    lists += [f"{one.version} for {one.spec}, {one.check}: {one.says}. You say: {one.note}" for one in page.notes]
    unchecked = f"not checked by anybody: {signoff.read_out(page.not_checked)}"
    if answer == "yes":
        entry = signing.sign(production, signoff.yes(page), args, lists=[f"Yes: {signoff.QUESTION}", *lists, *page.lines, unchecked], seen=page.seen, signs=signs)
    elif answer == "release":
        content = signoff.release(page, because)
        lists = ["Released, not signed.", *lists, f"because: {because}", *content.missing, unchecked]
        entry = signing.sign(production, content, args, lists=lists, seen=page.seen, signs=signs, words=because)
    elif answer == "scrap":
        refusal = signoff.scrap(page, because, start)
        lists = ["Scrapped.", *lists, f"because: {because}", f"the next one starts from: {start}"]
        entry = signing.sign(production, refusal, args, lists=lists, seen=page.seen, signs=signs, words=because, first=lambda: signoff.stay(desk, page))
    else:
        raise signoff.SignOffError("The question is left open. Nothing was written.")
    begun = [str(path) for path in signoff.start_next(desk, page, start)] if answer == "scrap" else []
    if args.json:
        print_json({"entry": entry.n, "answer": answer, "cuts": [vars(one) for one in page.cuts], "next": begun})
        return 0
    print(plain(f"Signed in entry {entry.n} by {person.name}."))
    for path in begun:
        print(plain(f"The next one starts here: {path}"))
    return 0


def _before(args: argparse.Namespace, texts: dict[str, Any], page: Page, answer: str) -> None:
    """What stands beside the question: the first thought, what is missing, what is not checked, what is affirmed again."""
    from answerprint.signoff import QUESTION

    stream = sys.stderr if args.json else sys.stdout
    if page.thought is not None and page.thought.content:
        print(plain(texts["sign"]["thought"].format(who=page.thought.by.name, at=signing.day(page.thought.at))), file=stream)
        for name, text in page.thought.content.items():
            if text:
                print(plain(f"  {name}: {text}"), file=stream)
    yes = answer in ("", "yes")
    if yes and page.lines:
        print(texts["sign"]["affirms"], file=stream)
        for line in page.lines:
            print(plain(f"  {line}"), file=stream)
    show(page.verdict if yes else page.as_it_is, texts, stream, question=False, folder=args.folder)
    for film in page.films if answer != "scrap" else ():
        print(plain(texts["gate"]["look"].format(film=film.name, found=film.found, path=film.path)), file=stream)
        for line in film.warnings:
            print(plain(f"  {line}"), file=stream)
    if answer != "scrap" and page.warnings:
        print(texts["gate"]["warned"], file=stream)
        for n, one in enumerate(page.warnings, 1):
            print(plain(f"  {n}. {one.where}, {one.check}: {one.words}{f' You say: {one.note}' if one.note else ''}"), file=stream)
    print(f"\n{QUESTION}", file=stream)


def _spoken_to(args: argparse.Namespace, page: Page) -> list[str]:
    """What the signer says to each warning that has no note yet, where somebody sits at the terminal."""
    if not sys.stdin.isatty():
        return []
    found = []
    for n, one in enumerate(page.warnings, 1):
        if not one.note and (told := signing.answer(f"{n}. {one.check}: what do you say to it? Enter leaves it open:", "Say it with --note.", to_stderr=args.json)):
            found.append(f"{n}: {told}")
    return found


def _named(args: argparse.Namespace) -> dict[str, None]:
    """The answers that the options name. `--yes` names none: it leaves out `Sign?`, and the question stays a question."""
    return dict.fromkeys(filter(None, (args.answer, "scrap" if args.scrap else None, "release" if args.release else None)))


def _asked(args: argparse.Namespace, may: tuple[str, ...]) -> str:
    words = {"yes": "[y]es", "scrap": "[s]crap", "release": "[r]elease unsigned"}
    said = f"Name the answer: {', '.join(f'--answer {one}' for one in may)}. --yes leaves out `Sign?`, and answers nothing."
    told = signing.answer(f"{', '.join(words[one] for one in may)}, Enter leaves it open:", said, to_stderr=args.json).casefold()
    return _LETTERS.get(told[:1], "") if told else ""
