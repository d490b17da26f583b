"""The easy-choice report at the terminal, as a page and on paper; and a director's own reel."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import named, plain, print_json

if TYPE_CHECKING:
    from answerprint.book import Person
    from answerprint.delivery.easy.records import Plate
    from answerprint.production import Production

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("easy", _easy)
    one.add_argument("--version", default="", metavar="VERSION", help="of this version; the first one where not given")
    one.add_argument("--category", metavar="FOLDER", help="films of the category to stand beside it; the production's folder category/ where not given")
    one.add_argument("--who", default="", metavar="NAME", help="who looks at it: it is then known that they did, and their own reel stands beside it")
    one.add_argument("--pdf", action="store_true", help="also write it into out/, as PDF and as a page")
    two = command("reel", _reel, folder=False)
    two.add_argument("what", choices=("add", "remove", "list"), help="films that are your own, for reports to stand beside")
    two.add_argument("folder", metavar="FOLDER", help="a production in which you are on the crew")
    two.add_argument("files", nargs="*", metavar="FILE", help="finished films; they stay where they are")
    two.add_argument("--who", default="", metavar="NAME", help="whose reel; where not given, whoever has a key on this computer")


def _easy(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import easiness
    from answerprint.desk import Desk
    from answerprint.easiness import kept as keeping
    from answerprint.production import open

    production, says = open(args.folder), texts["easy"]
    desk = Desk(production)
    version = desk.family[args.version].name if args.version else desk.family.first.name
    person = _person(production, args.who)
    whose = person.id if person else None
    if person is not None:
        named(person.name, texts)
    # what stands beside it by itself is kept, so that the room has it too; a folder that is named here is not
    report = easiness.report(desk, version, category=Path(args.category), person=whose) if args.category else keeping.make(desk, version, person=whose)
    paths = _written(production, report) if args.pdf else []
    if args.json:
        print_json(easiness.plain(report) | {"paths": [str(path) for path in paths]})
        return 0
    print(plain(says["head"].format(title=report.title, version=report.version, cut=report.cut)))
    for plate in report.plates:
        print()
        for line in _lines(plate, says):
            print(plain(line))
    print()
    print(says["default"])
    for path in paths:
        print(plain(says["written"].format(path=path)))
    if person is not None:
        easiness.saw(desk, version, person.id)
        print(plain(says["seen"].format(name=person.name)))
    else:
        print(says["nobody"])
    return 0


def _lines(plate: Plate, says: dict[str, str]) -> list[str]:
    from answerprint.delivery.easy.page import HEADINGS, asked, chose_words

    found = [f"{HEADINGS[plate.name]}: {' '.join(filter(None, (asked(plate), plate.verdict)))}"]
    found += [f"  {one}" for one in (*plate.says, *plate.missing)]
    found += [f"    {name}: {value}" for name, value in plate.facts]
    if plate.thought:
        found.append("  " + says["thought"].format(words=plate.thought, name=plate.thought_by))
    for one in plate.chose:
        found.append("  " + says["chose"].format(name=one.by, how=chose_words(one)))
        found += [f"    “{one.because}”"] if one.because else []
    return found


def _written(production: Production, report: Any) -> list[Path]:
    from answerprint.delivery.easy.page import html
    from answerprint.delivery.easy.paper import pdf
    from answerprint.keep import disk_sentence, write_whole
    from answerprint.turnover import safe_name

    stem = f"{safe_name(report.title)}_{safe_name(report.version)}_easy-choices"
    folder = production.path / "out"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        from answerprint.easiness import EasinessError

        raise EasinessError(disk_sentence(cause, str(folder))) from cause
    paths = [folder / f"{stem}.pdf", folder / f"{stem}.html"]
    write_whole(paths[0], pdf(report))
    write_whole(paths[1], html(report).encode("utf-8"))
    return paths


def _person(production: Production, name: str) -> Person | None:
    """Who looks: named, or the one on the crew with a key on this computer; None where that is nobody, or several."""
    from answerprint.book import Book
    from answerprint.ledger.signer import own_keys

    record = production.reader()
    if record is None:
        return None
    with record:
        crew = Book(record)
    if name:
        return crew.person(name)
    here = {one.id: one for key in own_keys() if (one := crew.of_key(key.key_id)) is not None}
    return next(iter(here.values())) if len(here) == 1 else None


def _reel(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.easiness import ReelError, reel
    from answerprint.production import open

    person, says = _person(open(args.folder), args.who), texts["reel"]
    if person is None:
        raise ReelError("whose reel? Say it with --who NAME: somebody on this production's crew.")
    named(person.name, texts)
    if args.what != "list" and not args.files:
        raise ReelError(f"which films? answerprint reel {args.what} FOLDER film.mp4")
    if args.what == "list" and args.files:
        raise ReelError("films belong to `answerprint reel add FOLDER FILE...`.")
    change = {"add": reel.add, "remove": reel.remove}.get(args.what)
    films = change(person.id, args.files) if change is not None else reel.listed(person.id)
    if args.json:
        print_json({"person": person.name, "films": [str(one) for one in films]})
        return 0
    if not films:
        print(plain(says["none"].format(name=person.name)))
    for one in films:
        print(plain(str(one) if one.is_file() else says["gone"].format(path=one)))
    print(says["own"])
    return 0
