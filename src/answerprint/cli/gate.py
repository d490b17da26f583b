"""The gate at the terminal: what is missing, by person."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json, typed

if TYPE_CHECKING:
    from answerprint.book import Person
    from answerprint.film import Cut
    from answerprint.gate import SheetSeen, Verdict
    from answerprint.production import Production

__all__ = ["add", "played", "sheets", "show"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("gate", _gate)
    one.add_argument("--version", dest="versions", action="append", default=[], metavar="VERSION", help="only this version; may be said again")
    one.add_argument("--spec", default="", metavar="SPECS", help="only the films for these, with commas; those in answerprint.toml where not given")


def sheets(production: Production, person: Person | None = None) -> SheetSeen:
    """Whether this person looked at the contact sheet of a cut, as they said on this computer; with nobody named, nobody did."""
    from answerprint import watched

    def seen(cut: Cut) -> bool:
        return person is not None and watched.seen(production, person.id, watched.sheet(cut.version, cut.seal), "looked")

    return seen


def played(production: Production, person: Person) -> Callable[[str], bool | None]:
    """Whether this person played a film to its end here, by its seal; None for all of them where they keep that to themselves."""
    from answerprint import watched

    def seen(seal: str) -> bool | None:
        return watched.seen(production, person.id, f"film:{seal}", "played") if watched.allowed(production, person.id) else None

    return seen


def _gate(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.desk import Desk
    from answerprint.gate import gate
    from answerprint.model.charter import Judgment
    from answerprint.model.records import to_plain
    from answerprint.production import open

    production = open(args.folder)
    desk = Desk(production)
    holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
    specs = [name.strip() for name in args.spec.split(",") if name.strip()]
    verdict = gate(desk, *args.versions, sheet_seen=sheets(production, holder), specs=specs)
    if args.json:
        print_json(to_plain(verdict))
    else:
        show(verdict, texts, sys.stdout, folder=args.folder)
    return 1 if verdict.missing else 0


def show(verdict: Verdict, texts: dict[str, Any], stream: TextIO, *, question: bool = True, folder: str = "") -> None:
    """A verdict by person. Without the question itself where it is being asked just now. `folder`: the production, as it was named at the terminal."""
    from answerprint.model.charter import Judgment

    says = texts["gate"]
    missing = verdict.missing if question else verdict.open
    people = dict.fromkeys(one.who for one in missing)
    if missing:
        print(says["missing"].format(versions=plain(", ".join(verdict.versions))), file=stream)
    else:
        print(says["nothing"].format(versions=plain(", ".join(verdict.versions))), file=stream)
    for who in people:
        print(plain(who), file=stream)
        for one in missing:
            if one.who == who:
                print(plain(f"  {_road(one.says, folder)}"), file=stream)
    if folder and any(one.what == "the crew" for one in missing):
        print(says["nobody"].format(folder=typed(folder)), file=stream)
    if folder and any(one.what in set(Judgment) - {Judgment.SIGN_OFF} for one in missing):
        print(says["roads"].format(folder=typed(folder)), file=stream)
    for title, lines in (("films", verdict.films), ("machine", verdict.machine), ("notes", verdict.notes), ("absent", verdict.not_in_this_film), ("unchecked", verdict.not_checked)):
        if lines:
            end = "." if lines[-1].endswith(".") else ""
            print(f"{says[title]} {plain('; '.join(line.rstrip('.') for line in lines))}{end}", file=stream)


def _road(says: str, folder: str) -> str:
    """What is missing, with a command that can be typed where one stands."""
    if not folder:
        return says
    return says.replace(" FOLDER", f" {typed(folder)}") + (f" --in {typed(folder)}" if "answerprint choose " in says else "")
