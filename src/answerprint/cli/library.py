"""The library at the terminal: folders are taken in, shots searched; a page of what was found, for whoever would rather look."""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json

if TYPE_CHECKING:
    from answerprint.library.finding import Filters
    from answerprint.shelving import Match
    from answerprint.shelving.searching import Licensed

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("library", _list, folder=False, as_json=False)
    parts = one.add_subparsers(dest="part", metavar="PART", required=True)

    def part(name: str, run: Any, says: str) -> argparse.ArgumentParser:
        made = parts.add_parser(name, help=says, description=says)
        made.set_defaults(run=run)
        made.add_argument("--json", action="store_true", help="for other programs")
        return made

    taken = part("add", _add, "take a folder of clips and stills in, or look what is new in it; nothing is copied or changed")
    taken.add_argument("folder", metavar="FOLDER")
    taken.add_argument("--lettering", action="store_true", help="also read words on screen (takes long)")
    taken.add_argument("--transcript", action="store_true", help="also listen to what is said (takes long)")
    found = part("search", _search, "find shots by words, by a picture or by colours")
    found.add_argument("words", metavar="WORDS", nargs="*", help='in plain words: "rain on a window, no people"')
    found.add_argument("--like", default="", metavar="PICTURE", help="a picture, or a clip at a moment: rain.mp4@12.5")
    found.add_argument("--palette", default="", metavar="COLOURS", help='colours: "#aa3311,#223344"')
    found.add_argument("--rate", metavar="RATE", help="frames a second")
    found.add_argument("--raster", metavar="WxH", help="at least so large, as it is seen")
    found.add_argument("--length", type=_seconds, default=Fraction(0), metavar="SECONDS", help="at least so long")
    found.add_argument("--longest", type=_seconds, metavar="SECONDS", help="at most so long")
    found.add_argument("--handles", type=_seconds, default=Fraction(0), metavar="SECONDS", help="so much more on either side")
    found.add_argument("--kind", choices=("clip", "still"), help="clips or stills alone")
    found.add_argument("--licensed", action="store_true", help="a list says that it may be used today")
    found.add_argument("--until", metavar="DAY", help="and still on this day: 2027-03-31")
    found.add_argument("--released", action="store_true", help="nobody's face is seen, or a release of it is listed")
    found.add_argument("--most", type=int, default=24, metavar="N", help="where the set is cut; 24")
    found.add_argument("--page", metavar="FILE", help="write what was found as a page of pictures")
    part("list", _list, "the folders that were taken in, and what could not be read")
    gone = part("remove", _remove, "forget a folder; nothing on its disk is touched")
    gone.add_argument("folder", metavar="FOLDER")


def _add(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import shelving

    says = texts["library"]

    def progress(what: str, number: int, of: int, file: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{what} {number} of {of}: {plain(Path(file).name)[:60]}", end="", file=sys.stderr, flush=True)

    with shelving.Shelf() as shelf:
        taken = shelving.add(shelf, args.folder, more=frozenset(name for name in ("lettering", "transcript") if getattr(args, name)), progress=progress)
        files, shots = shelf.index.count(taken.folder)
        lacks = shelf.lacks
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    if args.json:
        print_json(vars(taken) | {"files": files, "shots": shots, "lacks": lacks})
    else:
        print(plain(says["added"].format(folder=taken.folder, files=count(files, "file"), shots=count(shots, "shot"), new=taken.new, again=taken.again, gone=taken.gone)))
        for _, sentence in taken.problems:
            print(plain(f"  {sentence}"))
        for one in lacks:
            print(plain(one))
    return 1 if taken.problems else 0


def _search(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import shelving
    from answerprint.shelving.asking import colours

    says = texts["library"]
    with shelving.Shelf() as shelf:
        found = shelving.search(
            shelf, " ".join(args.words), like=args.like, palette=colours(args.palette), filters=_filters(args), licensed=_licensed(args), most=max(1, args.most)
        )  # fmt: skip
        page = _page(shelf, found, args.page) if args.page else None
    if args.json:
        print_json(shelving.plain(found) | {"page": str(page) if page else None})
        return 0
    for one in found.matches:
        for line in _lines(one, says):
            print(plain(line))
    print(plain(says["found"].format(shots=count(len(found.matches), "shot"), order=found.order) + (" " + says["more"].format(most=args.most) if found.more else "")))
    for note in found.notes:
        print(plain(note))
    if page is not None:
        print(plain(says["page"].format(path=page)))
    return 0


def _lines(one: Match, says: dict[str, str]) -> list[str]:
    stretch = "" if one.in_s == one.out_s else f"  {float(one.in_s):.2f} to {float(one.out_s):.2f} s"
    found = [f"{one.file}{stretch}" + ("" if one.connected else f"  ({says['away']})")]
    found += [f"  {says['matched']}: {', '.join(one.matched)}"] if one.matched else []
    found.append(f"  {', '.join(one.words)}")
    found += [f"  {says['taken_for']}: {', '.join(f'{name} {share:.2f}' for name, share in one.things)}"] if one.things else []
    found.append(f"  {says['held' if one.licence.held_back else 'rights']}: {one.rights}")
    found += [f"  {says['generated']}: {one.generated}"] if one.generated else []
    return found


def _list(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import shelving

    says = texts["library"]
    with shelving.Shelf() as shelf:
        roots, problems, lacks = shelf.roots, shelf.problems, shelf.lacks
        place = shelf.index.home
    if args.json:
        print_json({"place": str(place), "folders": [vars(one) for one in roots], "problems": [{"file": file, "says": sentence} for file, sentence in problems], "lacks": lacks})
        return 0
    for one in roots:
        print(plain(one.says or f"{one.path}: {count(one.files, 'file')}, {count(one.shots, 'shot')}"))
    if not roots:
        print(says["empty"])
    for _, sentence in problems:
        print(plain(f"  {sentence}"))
    for sentence in lacks:
        print(plain(sentence))
    print(plain(says["lies"].format(path=place)))
    return 0


def _remove(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import shelving

    with shelving.Shelf() as shelf:
        gone = shelf.remove(args.folder)
    if args.json:
        print_json({"removed": args.folder, "files": gone})
    else:
        print(plain(texts["library"]["removed"].format(folder=args.folder, files=count(gone, "file"))))
    return 0


def _page(shelf: Any, found: Any, name: str) -> Path:
    from answerprint.keep import write_whole
    from answerprint.shelving.sheet import html

    path = Path(name).expanduser().absolute()
    write_whole(path, html(found, {one.shot: shelf.index.preview(one.shot) for one in found.matches}).encode())
    return path


def _filters(args: argparse.Namespace) -> Filters | None:
    from answerprint.shelving.asking import filters

    return filters(kind=args.kind or "", rate=args.rate or "", raster=args.raster or "", length=args.length, longest=args.longest, handles=args.handles)


def _licensed(args: argparse.Namespace) -> Licensed | None:
    from answerprint.shelving.asking import licensed

    return licensed(holds=args.licensed, until=args.until or "", released=args.released)


def _seconds(text: str) -> Fraction:
    from answerprint.model.time import number

    try:
        value = number(text)
    except (ValueError, ZeroDivisionError) as cause:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from cause
    if value < 0:
        raise argparse.ArgumentTypeError("seconds, from 0 up")
    return value
