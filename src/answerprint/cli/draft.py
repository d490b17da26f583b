"""The work before the shoot, in words: the brief, concepts, treatments, and whose each passage is by now."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import Any

from answerprint.cli import asking
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json, typed

__all__ = ["add"]

_MOST = 12  #: passages of a draft that are listed; --all lists every one


def add(command: Commands) -> None:
    """The commands of this page."""
    brief = command("brief", _brief)
    brief.add_argument("file", metavar="BRIEF.md", nargs="?", help="take this one in; without it, the brief that is here")
    brief.add_argument("--replace", action="store_true", help="in the place of another; that one stays beside it")
    draft = command("draft", _draft)
    draft.add_argument("what", choices=("concept", "treatment", "status"))
    draft.add_argument("--count", type=int, default=6, metavar="N", help="how many concepts; 6 where not given")
    draft.add_argument("--from", dest="start", metavar="concept:3", help="the concept that a treatment begins from, as it is now")
    draft.add_argument("--with", dest="service", metavar="NAME", help="a service of your own settings that writes; without it no language model is asked")
    draft.add_argument("--by-meaning", action="store_true", help="with --with: throw back what means nearly the same, too; needs the extra \"search\", and finds one retelling in seven")
    draft.add_argument("--who", default="", metavar="NAME", help="of the crew, with --with: stands in the record as who asked")
    asking.add(draft)
    draft.add_argument("--all", action="store_true", help="status: list every passage")


def _brief(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import briefing
    from answerprint.production import open

    production, says = open(args.folder), texts["brief"]
    change = None
    if args.file:
        found, change = briefing.take_in(production, args.file, replace=args.replace)
    else:
        found = briefing.current(production)
    if args.json:
        print_json({**briefing.plain(found), "change": vars(change) if change else None})
        return 0
    unheaded, line = says["no_head"], says["line"]
    print(plain(found.title))
    for field in briefing.FIELDS:
        for place, point in enumerate(found.says(field)):
            print(plain(f"  {field if place == 0 else '':<13} {point.text}"))
    for head, points in found.others.items():
        for place, point in enumerate(points):
            print(plain(f"  {(head or unheaded) if place == 0 else '':<13} {point.text}"))
    asks, notes = briefing.questions(found), briefing.notes(found)
    if asks:
        print("\n" + says["asks"])
    for one in asks:
        where = f" ({line.format(line=one.line)}: “{one.says}”)" if one.line and one.says else f" ({line.format(line=one.line)})" if one.line else ""
        print(plain(f"  {one.asks}{where}"))
    if notes:
        print("\n" + says["notes"])
    for note in notes:
        print(plain(f"  {line.format(line=note.line)}: {note.says}"))
    if change is not None:
        print("\n" + plain(says["replaced"].format(file=change.was)))
        for mark, rows in (("+", change.new), ("-", change.gone)):
            for row in rows:
                print(plain(f"  {mark} {row}"))
    return 0


def _draft(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import drafting
    from answerprint.production import open

    production, says = open(args.folder), texts["draft"]
    if args.what == "status":
        return _status(args, production, says)
    if args.what == "concept" and args.by_meaning and not args.service:
        raise drafting.DraftingError("starting points are held apart by their words alone; --by-meaning is for what a service writes: --with NAME.")
    with contextlib.ExitStack() as asked:
        writer, wait = None, None
        if args.service:
            ready = _service(args, production, texts)
            if ready is None:
                return 1
            wait = asked.enter_context(asking.waiting(texts, ready[0]))
            writer = drafting.writer(production, ready[0], agreed=ready[2], by=ready[1], cancel=wait.cancel)
        return _made(args, production, says, writer, wait)


def _service(args: argparse.Namespace, production: Any, texts: dict[str, Any]) -> tuple[Any, str, tuple[int, ...]] | None:
    """The service that writes, who asks it, and which questions without an answer they were told of; None where nobody said yes to its price and to what leaves."""
    from answerprint import calling, drafting
    from answerprint.cli.printing import count
    from answerprint.desk import Desk

    desk, says, concepts = Desk(production), texts["draft"], args.what == "concept"
    service, by = calling.opened(production.settings, args.service, load_outside=True), asking.who(args, desk)
    if concepts and args.count < 1:
        raise drafting.DraftingError(f"{args.count} concepts cannot be made at once: 1 to 24.")
    asks = drafting.questions(production, count=args.count if concepts else 0, start=None if concepts else args.start)
    what = count(args.count, "concept") if concepts else says["treatment_from"].format(start=args.start) if args.start else says["treatment"]
    planned = calling.Planned(what=what, requests=tuple(drafting.question(desk, prompt, seed) for prompt, seed in asks))
    asked = asking.agreed(args, texts, desk, service, planned)
    return (service, by, asked.open) if asked is not None else None


def _made(args: argparse.Namespace, production: Any, says: dict[str, str], writer: Any, wait: asking.Waiting | None) -> int:
    from answerprint import drafting

    if args.what == "concept":

        def told(title: str, share: float) -> None:
            if wait is not None:
                wait.told(says["concept"].format(number=round(share * args.count) + 1, count=args.count, title=title))

        made, found = drafting.draft_concepts(production, args.count, writer=writer, also=drafting.meaning() if args.by_meaning else None, watch=told)
        if args.json:
            print_json({"concepts": [_row(one) for one in made], "thrown": list(found.thrown), "measure": found.measure, "short": found.short})
            return 0
        for one in made:
            far = says["far"].format(distance=one.values["distance"], other=one.values["nearest"], measure=found.measure) if one.values["nearest"] else says["first"]
            print(plain(f"{one.file}  {_title(production, one)}  {far}"))
        if found.thrown:
            print(says["thrown"].format(count=len(found.thrown)))
        for line in found.thrown[:_MOST] if writer else ():
            print(plain(f"  {line}"))
        if found.short:
            print(plain(found.short))
    else:
        if wait is not None:
            wait.told(says["treatment"])
        one = drafting.draft_treatment(production, start=args.start, writer=writer)
        made = (one,)
        if args.json:
            print_json(_row(one))
            return 0
        print(plain(one.file))
    for note in dict.fromkeys(note for each in made for note in each.says if writer is not None):
        print(plain(note))
    print(says["without"] if writer is None else says["with"].format(name=plain(args.service)))
    print(plain(says["yours"].format(folder=typed(args.folder))))
    return 0


def _row(one: Any) -> dict[str, Any]:
    return {"file": one.file, "kind": one.kind, "entry": one.entry, "brief": one.brief, "inputs": list(one.inputs), "calls": list(one.calls), "about": dict(one.values), "says": list(one.says)}


def _title(production: Any, one: Any) -> str:
    first = production.keep.get(one.digest).decode("utf-8").split("\n", 1)[0]
    return str(first.lstrip("# "))


def _status(args: argparse.Namespace, production: Any, says: dict[str, str]) -> int:
    from answerprint import briefing, drafting

    there = drafting.status(production)
    brief = production.path / briefing.FILE
    phrases = drafting.recurring(there, brief.read_text(encoding="utf-8", errors="replace") if brief.is_file() else "")
    if args.json:
        print_json({"drafts": [drafting.plain(one) for one in there], "recurring": [{"words": one.words, "at": [{"file": file, "line": line} for file, line in one.at]} for one in phrases]})
        return 0
    whose = {"machine": says["machine"], "edited": says["edited"]}
    as_made, numbered = says["untouched"], says["line"]
    for one in there:
        untouched = not (one.of("person") or one.of("edited"))
        print(plain(f"{one.file}: {as_made if untouched else one.words}." + "".join(f" {line}" for line in one.says)))
        if untouched and not args.all:
            continue
        left = [each for each in one.passages if each.origin in ("machine", "edited") and not each.frame and each.whose != "brief"]
        for each in left if args.all else left[:_MOST]:
            print(plain(f"  {each.line:>4}  {whose[each.origin]}  {each.text}"))
        if len(left) > _MOST and not args.all:
            print("        " + says["more"].format(count=len(left) - _MOST))
    if phrases:
        print(says["recurs"])
    for phrase in phrases:
        print(plain(f"  “{phrase.words}”: " + ", ".join(f"{Path(file).stem}, {numbered.format(line=at)}" for file, at in phrase.at)))
    if not there:
        print(says["none"])
    return 0
