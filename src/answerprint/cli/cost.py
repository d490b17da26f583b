"""The cost at the terminal: a table that a producer reads, and what the record knows beside it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import named, plain, print_json, table

if TYPE_CHECKING:
    from answerprint.cost import Cost
    from answerprint.production import Production

__all__ = ["add"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("cost", _cost)
    one.add_argument("--budget", type=Path, metavar="FILE", help="take this budget in, .csv or .xlsx: a copy of it lies in the production from then on")
    one.add_argument("--lines", action="store_true", help="every line, not the sections alone")
    one.add_argument("--who", default="", metavar="NAME", help="who looks: their own hours stand beside it")
    one.add_argument("--hours", type=Path, metavar="FILE", help="bring your own hours, with --who: date, hours, what, shots; nobody else sees them in the room until you say so")
    one.add_argument("--show-hours", choices=("yes", "no"), help="whether the producer and the director may see yours")
    one.add_argument("--erase-hours", action="store_true", help="erase yours")
    one.add_argument("--crew", choices=("yes", "no"), help="whether the whole crew sees this page in the room; agency and client never do")
    one.add_argument("--example", action="store_true", help="print a budget to begin with")


def _cost(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import cost
    from answerprint.desk import Desk
    from answerprint.production import open

    if args.example:
        print(cost.EXAMPLE, end="")
        return 0
    production, says = open(args.folder), texts["cost"]
    if args.budget is not None:
        cost.take_in(production, args.budget)
    if args.crew is not None:
        cost.share(production, args.crew == "yes")
    person = _own(args, production, texts)
    found = cost.cost(Desk(production), person=person)
    if args.json:
        print_json(cost.plain(found))
    else:
        _print(found, says, args.lines)
    return 2 if found.wrong else 0


def _own(args: argparse.Namespace, production: Production, texts: dict[str, Any]) -> str | None:
    """Who looks, after what they said about their own hours.

    Raises: CostError: hours are brought, shown or erased, and nobody says whose.
    """
    from answerprint.book import Book
    from answerprint.cost import CostError, hours

    if not args.who:
        if args.hours or args.show_hours or args.erase_hours:
            raise CostError("whose hours? Say it with --who NAME: somebody on this production's crew.")
        return None
    record = production.reader()
    if record is None:
        raise CostError("this production has no record yet, so nobody is on its crew. Run `answerprint prep` first.")
    with record:
        one = Book(record).person(args.who)
    named(one.name, texts)
    person = one.id
    if args.erase_hours:
        hours.erase(production, person)
    if args.hours is not None:
        try:
            hours.bring(production, person, args.hours.name, args.hours.read_bytes())
        except OSError as cause:
            raise CostError(f"{args.hours}: this file cannot be read ({cause.strerror}).") from cause
    if args.show_hours is not None:
        hours.allow(production, person, args.show_hours == "yes")
    return person


def _print(found: Cost, says: dict[str, str], every: bool) -> None:
    from answerprint.cost import words

    if found.wrong:
        print(*(plain(line) for line in found.wrong.splitlines()), sep="\n")
    elif found.budget is None:
        print(says["none"])
    else:
        _sections(found, says, every)
        _told(says["missing"], says["nobody"] if not found.gaps else "", [
            says["gap"].format(seat=gap.missing.role.name, how=words.how(gap), brought=", ".join(gap.missing.role.brought), now="; ".join(words.seat(one) for one in gap.seats)) for gap in found.gaps
        ] + list(filter(None, [words.unsaid(found)])))  # fmt: skip
    rendered, left, not_rendered = says["rendered"], says["left"], says["not_rendered"]
    _told(says["films"], words.films(found.films), [
        says["film"].format(
            film=f"{one.version} for {one.spec}" if one.spec else one.version, state=", ".join(filter(None, (rendered if one.rendered else not_rendered, left if one.left else ""))),
            played=says["played"].format(count=one.played) if one.played else says["unplayed"],
        ) for one in found.films
    ])  # fmt: skip
    _told(says["machine"], words.machine(found), [f"{work.name}: {words.clock(work.seconds)}, {f'{work.times} x' if work.times else 'nothing made'}" for work in found.machine.works])
    _told(says["ai"], words.spend(found), [
        says["bill"].format(service=one.provider, what=one.what or one.job, estimate=one.estimate or "-", billed=one.billed or "-", currency=one.currency) for one in found.spend.bills
    ])  # fmt: skip
    _told(says["saved"], words.saved(found) or says["no_saved" if found.budget is not None else "no_saved_none"], [*(words.reckoned(one) for one in found.saved), *(words.theirs(one) for one in found.hours)])
    _told(says["foot"], "", [])


def _told(title: str, sentence: str, lines: list[str]) -> None:
    print(f"\n{title} {plain(sentence)}".rstrip())
    for line in lines:
        print(plain(f"  {line}"))


def _sections(found: Cost, says: dict[str, str], every: bool) -> None:
    from answerprint.cost import words

    assert found.budget is not None
    rows: list[list[str]] = [says["head"].split("|")]
    for section in found.budget.sections:
        title = section.title or says["outside"]
        rows.append([section.letter, title, words.amounts(section.estimate), words.amounts(section.actual), str(len(section.lines))])
        for line in section.lines if every else ():
            rows.append([line.number, f"  {line.says}", str(line.estimate or ""), str(line.actual or ""), ""])
    table(rows)
    for sentence in found.budget.says:
        print(plain(sentence))
