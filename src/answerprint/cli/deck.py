"""Reference frames and the deck at the terminal."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from answerprint.cli import asking
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, typed

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("deck", _deck)
    one.add_argument("--to", default="deck.pptx,deck.pdf", metavar="FILES", help="what to write, .pptx or .pdf, with commas between; deck.pptx,deck.pdf where not given, in the production's out/")
    one.add_argument("--template", type=Path, metavar="MINE.pptx", help="your own slides: its layouts shape the .pptx; the PDF keeps the house's design")
    one.add_argument("--by", default="", metavar="NAME", help="who presents it; the director of the crew where nobody is named")
    one.add_argument("--dated", default="", metavar="TEXT", help="the day, as it is to stand on the first page")
    one.add_argument("--treatment", default="", metavar="FILE", help="which draft; the latest treatment where none is named")
    one.add_argument("--cover", type=Path, metavar="FILE", help="a still for the first page")
    one.add_argument("--face", dest="faces", action="append", type=Path, default=[], metavar="FILE", help="a font for letters that the deck's faces lack; may be said several times")
    two = command("frames", _frames)
    two.add_argument("--item", type=int, metavar="N", help="the item of the script; without it, the whole film")
    two.add_argument("--from", dest="files", action="append", type=Path, default=[], metavar="FILE", help="bring a still of your own; may be said several times")
    two.add_argument("--library", nargs="?", const="", metavar="WORDS", help="bring frames of the library that match the item's words, or these")
    two.add_argument("--grid", default="", metavar="AXES", help='every combination, as words: "lens=35,85; height=eye,low"; `--grid help` lists the axes')
    two.add_argument("--practical", default="", metavar="TEXT", help='one lamp of the set, with its side: "lamp, left"')
    two.add_argument("--words", default="", metavar="TEXT", help="what is to be seen; the item's own words where none are given")
    two.add_argument("--with", dest="service", metavar="NAME", help="ask this service of your own settings for each combination")
    two.add_argument("--seed", type=int, metavar="N", help="the same for every combination")
    two.add_argument("--size", default="", metavar="WxH", help="pixels, with --with; 1344x768 where not given")
    asking.add(two)
    two.add_argument("--choose", metavar="FILE", help="this one is a reference, with --who")
    two.add_argument("--take-back", metavar="FILE", help="it is none any more, with --who")
    two.add_argument("--look", metavar="FILE", help='mark who looks where on a frame: --look FILE --looks "Mara, left, Jon"')
    two.add_argument("--looks", default="", metavar="WHO,SIDE,AT", help="left, right, camera or away, as the picture shows it")
    two.add_argument("--who", default="", metavar="NAME", help="of the crew: who says so; with --with it stands in the record as who asked")
    two.add_argument("--says", default="", metavar="TEXT", help="the words under it in the deck")
    two.add_argument("--because", default="", metavar="TEXT", help="why")


def _deck(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import presenting, referencing
    from answerprint.desk import Desk
    from answerprint.production import open

    desk, says = Desk(open(args.folder)), texts["deck"]
    to = [_place(desk.path, one.strip()) for one in args.to.split(",") if one.strip()]
    if not to:
        raise presenting.DeckError("which files? Say: --to deck.pptx,deck.pdf")
    cover = args.cover
    if cover is not None and not cover.exists():  # a reference frame may be called by its name, as everywhere else
        cover = next((desk.path / one.file for one in referencing.frames(desk) if str(cover) in (one.file, Path(one.file).name)), cover)
    made = presenting.make(desk, to, template=args.template, by=args.by, dated=args.dated, treatment=args.treatment, cover=cover, faces=args.faces)
    if args.json:
        print_json(presenting.plain(made))
        return 1 if made.warnings else 0
    for path in made.files:
        count = made.slides if path.suffix.lower() == ".pptx" else made.pages
        print(plain(says["made"].format(file=path, count=count)))
    for line in made.says:
        print(plain(f"  {line}"))
    if made.warnings:
        print("\n" + says["unedited"])
    for line in made.warnings:
        print(plain(f"  {line}"))
    return 1 if made.warnings else 0


def _place(home: Path, name: str) -> Path:
    """A bare name lies in out/; a path is as it was said."""
    path = Path(name).expanduser()
    return home / "out" / path if path.parent == Path() else path.absolute()


def _frames(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import referencing
    from answerprint.desk import Desk
    from answerprint.production import open

    desk, says = Desk(open(args.folder)), texts["frames"]
    if args.grid.strip() == "help":
        if args.json:
            print_json({axis: dict(terms) for axis, terms in referencing.AXES.items()})
            return 0
        for axis, terms in referencing.AXES.items():
            print(axis)
            for term, words in terms.items():
                print(f"  {term:<18} {words}")
        return 0
    if args.choose:
        one = referencing.choose(desk, args.choose, by=args.who, item=args.item, says=args.says, because=args.because)
        return _told(args, referencing.plain(one), says["chosen"].format(file=one.file, who=one.by, entry=one.entry))
    if args.take_back:
        referencing.withdraw(desk, args.take_back, by=args.who, item=args.item)
        return _told(args, {"taken_back": args.take_back}, says["back"].format(file=args.take_back))
    if args.look:
        return _look(args, desk, says)
    if args.item is not None:
        desk.item(str(args.item))  # a number that the script does not have is said, also where nothing is brought
    asked: tuple[referencing.Variation, ...] = ()
    if args.grid or args.practical or args.service or args.words:
        words = args.words or (desk.items[desk.item(str(args.item))].flat if args.item is not None else "")
        if not words:
            raise referencing.FrameError('what is to be seen? Name an item of the script with --item, or say it with --words "a kitchen, a kettle".')
        asked = referencing.grid(words, referencing.axes_of(args.grid), practical=args.practical)
    notes: list[str] = []
    service = _agreed(args, texts, desk, asked) if args.service else None
    if args.service and service is None:
        return 1
    brought = [referencing.take_in(desk, file, item=args.item) for file in args.files]
    if args.library is not None:
        if args.item is None:
            raise referencing.FrameError("for which item is the library searched? Say: --item 3")
        brought += referencing.from_library(desk, args.item, args.library)
    if service is not None:
        with asking.waiting(texts, service) as wait:
            made = referencing.generate(desk, service, asked, item=args.item, seed=args.seed, size=args.size, carries=_carries(args), cancel=wait.cancel, by=asking.who(args, desk), watch=wait.told)
        brought += [frame for one in made for frame in one.frames]
        notes += dict.fromkeys(note for one in made for note in one.notes)
    return _listed(args, Desk(desk.production), says, asked if not args.service else (), brought, notes)


def _agreed(args: argparse.Namespace, texts: dict[str, Any], desk: Any, cells: Any) -> Any:
    """The service, where somebody says yes to its price and to what leaves; else None."""
    from answerprint import calling, referencing

    service = calling.opened(desk.production.settings, args.service, load_outside=True)
    asked = referencing.looked(desk, service, cells, item=args.item, seed=args.seed, size=args.size, carries=_carries(args))
    says = texts["frames"]
    what = f"{count(len(cells), 'reference frame')} {says['for'].format(item=says['film'] if args.item is None else f'item {args.item}')}"
    planned = calling.Planned(what=what, requests=tuple(one.request for one in asked), against=tuple(line for one in asked for line in one.against))
    return service if asking.agreed(args, texts, desk, service, planned) else None


def _carries(args: argparse.Namespace) -> tuple[str, ...]:
    """An item's own words are the brief's, as far as a service is concerned; words of one's own are nobody's."""
    return () if args.words else ("words of the brief",)


def _look(args: argparse.Namespace, desk: Any, says: dict[str, str]) -> int:
    from answerprint import referencing

    parts = [one.strip() for one in args.looks.split(",")]
    if len(parts) != 3 or args.item is None:
        raise referencing.FrameError('who looks where, and in which item? Say: --item 3 --look FILE --looks "Mara, left, Jon" --who NAME')
    one = referencing.look(desk, args.look, item=args.item, who=parts[0], side=parts[1], at=parts[2], by=args.who)
    return _told(args, vars(one), says["marked"].format(file=one.file, who=one.by, entry=one.entry))


def _listed(args: argparse.Namespace, desk: Any, says: dict[str, str], asked: Any, brought: Any, notes: Any) -> int:
    from answerprint import referencing

    there, standing, crossed = referencing.frames(desk, args.item), referencing.chosen(desk), referencing.crossed(desk)
    if args.json:
        print_json({
            "frames": [referencing.plain(one) for one in there], "brought": [one.file for one in brought], "chosen": [referencing.plain(one) for one in standing],
            "asked": [{"steps": dict(one.steps), "words": one.words} for one in asked], "ideas": [{"says": one.says, "marks": [vars(mark) for mark in one.marks]} for one in crossed],
            "notes": notes,
        })  # fmt: skip
        return 0
    for one in asked:
        print(plain(one.name or says["plain"]))
        print(plain(f"  {one.words}"))
    if asked:
        print(says["unasked"])
    for one in there:
        who = "; ".join(says["by"].format(who=ref.by, item=says["film"] if ref.item is None else f"item {ref.item}") for ref in standing if ref.file == one.file)
        print(plain(f"{one.file}  {one.origin}{'  ' + says['generated'] if one.generated else ''}{'  ' + who if who else ''}"))
    if not there and not asked:
        print(plain(says["none"].format(folder=typed(args.folder))))
    for note in notes:
        print(plain(note))
    for crossing in crossed:
        print(plain(says["idea"].format(says=crossing.says)))
    return 0


def _told(args: argparse.Namespace, value: Any, line: str) -> int:
    if args.json:
        print_json(value)
    else:
        print(plain(line))
    return 0
