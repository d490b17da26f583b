"""The command that renders versions, and lets out what was signed."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, typed

if TYPE_CHECKING:
    from answerprint.previews import Preview
    from answerprint.production import Production

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("deliver", _deliver)
    one.add_argument("--spec", default="", metavar="SPECS", help="one or more, with commas: youtube,tv-eu; those in answerprint.toml where not given; `answerprint specs` lists them")
    one.add_argument("--version", dest="versions", action="append", default=[], metavar="VERSION", help="a version of versions.csv; may be said again; every one that has a cut where not given")
    one.add_argument("--preview", action="store_true", help="with NOT SIGNED over every frame; needs no signature")


def _deliver(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.production import open

    production = open(args.folder)
    specs = [name.strip() for name in args.spec.split(",") if name.strip()]
    return _preview(args, texts["deliver"], production, specs) if args.preview else _let_out(args, texts, production, specs)


def _preview(args: argparse.Namespace, says: dict[str, str], production: Production, specs: list[str]) -> int:
    """Render with NOT SIGNED over every frame."""
    from answerprint.deliverables import wanted
    from answerprint.desk import Desk
    from answerprint.model.records import to_plain
    from answerprint.previews import PreviewError, preview
    from answerprint.progress import steps

    desk = Desk(production)
    made: list[Preview] = []
    with steps(sys.stderr) as watch:
        for version in args.versions or [desk.family.versions[0].name]:
            asked = specs or list(wanted(desk, version))
            if not asked:
                raise PreviewError("say what it is for: --spec youtube. `answerprint specs` lists what there is.")
            made += preview(production, version, asked, watch=watch)
    if args.json:
        print_json([{"path": str(one.path), "rendered": to_plain(one.rendered), "findings": to_plain(one.findings), "sentences": one.sentences} for one in made])
    else:
        for one in made:
            print(plain(says["made"].format(path=one.path, frames=count(one.rendered.film_frames, "frame"))))
            for sentence in one.sentences:
                print(f"  {plain(sentence)}")
            wrong = [found for found in one.findings if found.weight != "note"]
            print("  " + (says["found"].format(count=count(len(wrong), "thing")) if wrong else says["nothing"]))
            for found in wrong:
                print(f"    {found.weight} {plain(found.check)}: {plain(found.says)}")
    return 1 if any(found.weight == "FAIL" for one in made for found in one.findings) else 0


def _let_out(args: argparse.Namespace, texts: dict[str, Any], production: Production, specs: list[str]) -> int:
    """Render what waits, and let out what was signed; else say what is missing, by person."""
    from answerprint.cli.gate import sheets, show
    from answerprint.delivering import NotLetOut, deliver
    from answerprint.desk import Desk
    from answerprint.films import waiting
    from answerprint.making import unfit
    from answerprint.model.charter import Judgment
    from answerprint.model.records import to_plain
    from answerprint.progress import steps

    book = Desk(production).book
    holder = book.holder(Judgment.SIGN_OFF) if book else None
    try:
        with steps(sys.stderr) as watch:
            left = deliver(production, args.versions, specs, sheet_seen=sheets(production, holder), watch=watch)
    except NotLetOut as stopped:
        if args.json:
            print_json({"missing": to_plain(stopped.verdict.missing), "films": stopped.verdict.films, "left": [], "unfit": unfit(Desk(production), args.versions, specs)})
        else:
            for says in unfit(Desk(production), args.versions, specs):
                print(plain(says))
            for film in waiting(Desk(production), versions=stopped.verdict.versions):
                print(plain(texts["deliver"]["waits"].format(film=film.name, found=film.found, path=film.path)))
                for line in film.warnings:
                    print(plain(f"  {line}"))
            show(stopped.verdict, texts, sys.stdout, folder=args.folder)
            print(plain(texts["deliver"]["then"].format(folder=typed(args.folder), versions=" ".join(stopped.verdict.versions))))
        return 1
    if args.json:
        print_json({"missing": [], "left": [{"path": str(one.path), "entry": one.entry, "digest": one.digest, "essence": one.film.essence,
                                             "papers": [str(paper) for paper in one.papers], "beside": [str(each) for each in one.beside], "stood": one.stood} for one in left], "unfit": unfit(Desk(production), args.versions, specs)})  # fmt: skip
        return 0
    for says in unfit(Desk(production), args.versions, specs):
        print(plain(says))
    for one in left:
        print(plain(texts["deliver"]["stood" if one.stood else "left"].format(path=one.path, papers=one.papers[0].parent if one.papers else "", entry=one.entry)))
        for each in one.beside:
            print(plain(f"  {each}"))
        if one.embedded is not None:
            print(plain(f"  {one.embedded.sentences[0]}"))
    return 0
