"""A stock slot at the terminal: which there are, what stands for one, and the refusal for everything that is none."""

from __future__ import annotations

import argparse
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json, typed

__all__ = ["add"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("fill", _fill)
    one.add_argument("slot", metavar="SLOT", nargs="?", help="STOCK:1, the script's first stock slot; item:3; every stock slot where not given")
    one.add_argument("--generate", action="store_true", help="ask a provider for candidates as well; a stock slot alone takes them")
    one.add_argument("--with", dest="file", metavar="FILE", help="a clip that stands for this slot, in the words of --who")
    one.add_argument("--take-back", metavar="FILE", help="that clip stands for no slot any more")
    one.add_argument("--who", default="", metavar="NAME", help="of the crew, for --with and --take-back")
    one.add_argument("--because", default="", metavar="REASON", help="stands beside it, if you like")


def _fill(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import slots
    from answerprint.desk import Desk
    from answerprint.production import open

    desk, says = Desk(open(args.folder)), texts["fill"]
    if not args.slot:
        if args.generate or args.file:
            raise slots.SlotError(f"for which slot? Name it: answerprint fill {typed(args.folder)} STOCK:1")
        if args.take_back:
            slots.withdraw(desk, args.take_back, by=args.who)
            return _told(args, {"taken_back": args.take_back}, says["back"].format(file=args.take_back))
        return _every(args, desk, says)
    slot = slots.named(desk, args.slot)
    if args.take_back:
        raise slots.SlotError(f"--take-back needs no slot: answerprint fill {typed(args.folder)} --take-back FILE --who NAME")
    if args.generate:
        raise slots.SlotError(f"{slot.words} takes something generated, and no provider that makes pictures is set up here: nothing was asked, and nothing left.")
    if args.file:
        if not args.who:
            raise slots.SlotError("who says so? Give a name of the crew: --who NAME")
        served = slots.serve(desk, slot, args.file, by=args.who, because=args.because)
        return _told(args, vars(served), says["served"].format(file=served.file, slot=slot.words, who=served.by, entry=served.entry))
    return _every(args, desk, says, slot)


def _told(args: argparse.Namespace, value: Any, line: str) -> int:
    if args.json:
        print_json(value)
    else:
        print(plain(line))
    return 0


def _every(args: argparse.Namespace, desk: Any, says: dict[str, str], only: Any = None) -> int:
    """The stock slots of the script, each with the clips that stand for it."""
    from answerprint import slots

    there = [only] if only is not None else list(slots.slots(desk))
    served = slots.servings(desk.production).values()
    stands = {slot.name: [one for one in served if one.says == slot.says] for slot in there}
    paper = slots.policy(desk)
    if args.json:
        rows = [{"slot": one.name, "item": one.item.number, "says": one.says, "stands": [{"file": said.file, "by": said.by, "entry": said.entry} for said in stands[one.name]]} for one in there]
        print_json({"slots": rows, "policy": paper.called if paper is not None else None} | ({"library": [_offered(one) for one in _library(desk, only)]} if only is not None else {}))
        return 0
    for slot in there:
        print(plain(slot.words))
        for said in stands[slot.name]:
            print(plain("  " + says["stands"].format(file=said.file, who=said.by, entry=said.entry)))
        if not stands[slot.name]:
            print(plain("  " + says["empty"]))
    if only is not None:
        offered = _library(desk, only)
        print(says["library" if offered else "no_library"])
        for one in offered:
            stretch = "" if one.in_s == one.out_s else f"  {float(one.in_s):.2f} to {float(one.out_s):.2f} s"
            print(plain(f"  {one.file}{stretch}"))
            print(plain(f"    {', '.join(one.matched or one.facts)}; {one.rights}"))
    if not there:
        print(says["none"])
    print(plain(says["policy"].format(paper=paper.called) if paper is not None else says["no_policy"]))
    return 0


def _library(desk: Any, slot: Any) -> tuple[Any, ...]:
    """Shots of the library for a slot, by its own words, as they lie on disk."""
    from answerprint import shelving

    return shelving.candidates(desk, slot.says)


def _offered(one: Any) -> dict[str, Any]:
    return {
        "file": one.file, "seal": one.digest, "in_s": str(one.in_s), "out_s": str(one.out_s), "facts": list(one.facts), "matched": list(one.matched), "rights": one.rights,
        "connected": one.connected, "generated": one.generated,
    }  # fmt: skip
