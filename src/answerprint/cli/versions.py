"""The family of versions and the list of rights at the terminal."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json, table

if TYPE_CHECKING:
    from answerprint.production import Production
    from answerprint.versioning import Member

__all__ = ["add"]

_CELLS = ("shape", "language", "number", "specs", "media", "territory", "note")


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("versions", _versions)
    one.add_argument("--add", default="", metavar="NAME", help="a version that keeps its parent's edit: its cut begins as a copy of the parent's")
    one.add_argument("--cut-down", default="", metavar="NAME", help="a shorter one: the parent whole, with markers, for a person to cut")
    one.add_argument("--of", default="", metavar="PARENT", help="the version that it comes from; the first one where not given")
    one.add_argument("--differs", default="", metavar="HOW", help="language, price, super or shape")
    one.add_argument("--seconds", default="", metavar="S", help="how long the cut-down is to be")
    for name in _CELLS:
        one.add_argument(f"--{name}", default="", metavar=name.upper(), help=f"the column {name} of its row in versions.csv")
    command("rights", _rights)


def _versions(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.production import open

    production = open(args.folder)
    if args.add or args.cut_down:
        return _begin(args, texts["versions"], production)
    return _show(args, texts["versions"], production)


def _begin(args: argparse.Namespace, says: dict[str, str], production: Production) -> int:
    from answerprint.desk import Desk
    from answerprint.versioning import VersioningError, add, cut_down

    if args.add and args.cut_down:
        raise VersioningError("one at a time: --add or --cut-down.")
    cells = {name: value for name in _CELLS if (value := getattr(args, name))}
    of = args.of or Desk(production).family.first.name
    if args.add:
        if not args.differs:
            raise VersioningError("say how it differs: --differs language, price, super or shape. A shorter one is begun with --cut-down.")
        made = add(production, args.add, of, args.differs, **cells)
    else:
        made = cut_down(production, args.cut_down, of, _length(args.seconds), **cells)
    if args.json:
        print_json({"version": made.name, "cut": str(made.cut), "paper": str(made.paper), "kept": made.kept, "says": made.says})
        return 0
    for line in made.says or (says["added"].format(name=made.name, cut=f"cuts/{made.cut.name}", of=of),):
        print(plain(line.replace(" FOLDER", f" {args.folder}")))
    for line in made.kept:
        print(plain(f"  {line}"))
    return 0


def _length(text: str) -> Any:
    from answerprint.model.time import number
    from answerprint.versioning import VersioningError

    try:
        return number(text.strip().removesuffix("s").strip())
    except (ValueError, ZeroDivisionError) as cause:
        raise VersioningError(f"--seconds {text}: how long is the cut-down to be? --seconds 15" if text else "say how long it is to be: --seconds 15") from cause


def _show(args: argparse.Namespace, says: dict[str, str], production: Production) -> int:
    from answerprint.cli.gate import sheets
    from answerprint.desk import Desk
    from answerprint.model.charter import Judgment
    from answerprint.model.records import to_plain
    from answerprint.versioning import family

    desk = Desk(production)
    holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
    members = family(desk, sheet_seen=sheets(production, holder))
    if args.json:
        print_json([to_plain(one) | {"own": one.own, "inherits": one.inherits} for one in members])
        return 0
    table([says["head"].split("|"), *(_row(one) for one in members)])
    for line in _together((one.version.name, line) for one in members for line in (*filter(None, (one.problem,)), *one.says, *one.rights)):
        print(plain(line.replace(" FOLDER", f" {args.folder}")))
    return 0


def _together(said: Iterable[tuple[str, str]]) -> list[str]:
    """Sentences about versions, each once, with the versions that it is true of before it."""
    found: dict[str, list[str]] = {}
    for version, line in said:
        own = line.removeprefix(f"{version}: ")
        found.setdefault(own, []).extend([version] if own != line else [])
    return [f"{', '.join(versions)}: {line}" if versions else line for line, versions in found.items()]


def _row(one: Member) -> list[str]:
    taken = Counter(one.inherits.values())
    most = taken.most_common(1)[0][0] if taken else ""
    single = [f"{judgment} from {whose}" for judgment, whose in one.inherits.items() if whose != most]
    own = [judgment for judgment in one.own if judgment != "take"]
    over = ", ".join([*single, f"all else from {most}" if own or single else f"all from {most}"]) if most else "-"
    sheet = {None: "-", True: "seen", False: "not seen"}[one.sheet]
    rendered = ", ".join(f"{spec}: {how}" for spec, how in one.films) or "-"
    return ["  " * one.depth + one.version.name, one.version.shape or "-", one.version.language or "-", one.cut or "none yet", ", ".join(own) or "-", over, sheet, rendered]


def _rights(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import rights
    from answerprint.desk import Desk
    from answerprint.production import open

    says = texts["rights"]
    desk = Desk(open(args.folder))
    rows = rights.listed(desk)
    forbids = {version: lines for version, cut in desk.cuts.items() if (lines := rights.check(desk, cut))}
    notes = rights.notes(desk)
    if args.json:
        print_json({"rights": [row.plain for row in rows], "forbids": forbids, "notes": notes})
        return 1 if forbids else 0
    if rows:
        table([says["head"].split("|"), *(_right(row, len(desk.cuts)) for row in rows)])
    else:
        print(says["none"])
    for line in _together((version, line) for version, lines in forbids.items() for line in lines):
        print(plain(line))
    for line in notes:
        print(plain(line))
    if not forbids:
        print(plain(says["nothing"]), file=sys.stdout)
    return 1 if forbids else 0


def _right(row: Any, count: int) -> list[str]:
    right = row.right
    ends = "-" if right.ends is None else f"{right.ends}, {'ended' if row.days_left < 0 else f'{row.days_left} days'}"
    touches = f"all {count}" if count > 1 and len(row.versions) == count else ", ".join(row.versions) or "none"
    cells = (right.what or "-", right.holder or "-", right.written.get("media") or "-", right.written.get("territory") or "-", str(right.begins or "-"), ends, right.ai or "-", right.paper or "-")
    return [right.item, *cells, touches, ", ".join(row.files) or "the film as a whole"]
