"""A stock slot at the terminal: which there are, what stands for one, and the refusal for everything that is none."""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from typing import Any

from answerprint.cli import asking
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, typed

__all__ = ["add"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("fill", _fill)
    one.add_argument("slot", metavar="SLOT", nargs="?", help="STOCK:1, the script's first stock slot; item:3; every stock slot where not given")
    one.add_argument("--stock", nargs="?", const="", metavar="NAME", help="ask a stock service of your own settings for clips; its name where there are several")
    one.add_argument("--photographs", action="store_true", help="with --stock: photographs instead of clips")
    one.add_argument("--fetch", metavar="OFFER", help="fetch the file of an offer that you chose, through the record, with the row of its licence")
    one.add_argument("--rights", action="store_true", help="with --fetch: put that row into rights.csv")
    one.add_argument("--generate", action="store_true", help="ask a service of your own settings for candidates; a stock slot alone takes them")
    one.add_argument("--provider", default="", metavar="NAME", help="of the service, where several of them generate")
    one.add_argument("--words", default="", metavar="WORDS", help="what is to be seen; the slot's own words where not given")
    one.add_argument("--count", type=int, metavar="N", help="how many; 1 candidate or 12 offers where not given")
    one.add_argument("--seed", type=int, metavar="N", help="another one asks for others; the same question is never asked twice")
    one.add_argument("--size", default="", metavar="WxH", help="pixels; 1344x768 where not given")
    one.add_argument("--length", type=_seconds, metavar="SECONDS", help="of a clip")
    one.add_argument("--not", dest="marks", action="append", default=[], metavar="NAME", help="a name that must not go out, of a competitor for example; may be given again")
    asking.add(one)
    one.add_argument("--with", dest="file", metavar="FILE", help="a clip that stands for this slot, in the words of --who")
    one.add_argument("--take-back", metavar="FILE", help="that clip stands for no slot any more")
    one.add_argument("--who", default="", metavar="NAME", help="of the crew, for --with and --take-back; with a question to a service it stands in the record")
    one.add_argument("--because", default="", metavar="REASON", help="stands beside it, if you like")


def _fill(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import slots
    from answerprint.desk import Desk
    from answerprint.production import open

    desk, says = Desk(open(args.folder)), texts["fill"]
    if not args.slot:
        if args.generate or args.file or args.stock is not None or args.fetch:
            raise slots.SlotError(f"for which slot? Name it: answerprint fill {typed(args.folder)} STOCK:1")
        if args.take_back:
            slots.withdraw(desk, args.take_back, by=args.who)
            return _told(args, {"taken_back": args.take_back}, says["back"].format(file=args.take_back))
        return _every(args, desk, says)
    slot = slots.named(desk, args.slot)
    if args.take_back:
        raise slots.SlotError(f"--take-back needs no slot: answerprint fill {typed(args.folder)} --take-back FILE --who NAME")
    asks = [name for name, given in (("--generate", args.generate), ("--stock", args.stock is not None), ("--fetch", args.fetch), ("--with", args.file)) if given]
    if len(asks) > 1:
        raise slots.SlotError(f"{' and '.join(asks)} are different things. One after the other.")
    if args.generate:
        return _generate(args, desk, slot, texts)
    if args.stock is not None:
        return _search(args, desk, slot, texts)
    if args.fetch:
        return _fetch(args, desk, slot, texts)
    if args.file:
        if not args.who:
            raise slots.SlotError("who says so? Give a name of the crew: --who NAME")
        served = slots.serve(desk, slot, args.file, by=args.who, because=args.because, known=_listed(args.file))
        return _told(args, vars(served), says["served"].format(file=served.file, slot=slot.words, who=served.by, entry=served.entry))
    return _every(args, desk, says, slot)


def _generate(args: argparse.Namespace, desk: Any, slot: Any, texts: dict[str, Any]) -> int:
    """What it would cost and where it would go; then, where somebody says yes, the candidates in the order of making."""
    from answerprint import filling

    stream, says = sys.stderr if args.json else sys.stdout, texts["fill"]
    _before(desk, slot, says, stream)
    service = filling.provider(desk.production, args.provider)
    asked = filling.plan(
        desk, slot, service, words=args.words, count=1 if args.count is None else args.count, seed=args.seed, size=args.size, length_s=args.length, marks=args.marks,
    )  # fmt: skip
    if not _agreed(args, texts, desk, service, asked, count(asked.request.count, "clip" if service.kind == "video" else "picture")):
        return 1
    with asking.waiting(texts, service) as wait:
        made = filling.generate(desk, service, asked, cancel=wait.cancel, by=asking.who(args, desk))
    if args.json:
        print_json({"slot": slot.name, "entry": made.entry, "model": made.model, "found": made.found, "candidates": [vars(one) for one in made.candidates], "notes": made.notes})
        return 0
    if made.found:
        print(plain(says["found"].format(entry=made.entry, by=f"{service.name}{f', {made.model}' if made.model else ''}")))
    _made(made.candidates, says)
    for note in made.notes:
        print(plain(f"  {note}"))
    print(says["made"].format(count=count(len(made.candidates), "candidate")))
    print(says["take"].format(folder=typed(args.folder), slot=slot.name, file=typed(made.candidates[0].file) if len(made.candidates) == 1 else "FILE"))
    return 0


def _search(args: argparse.Namespace, desk: Any, slot: Any, texts: dict[str, Any]) -> int:
    """What a stock service offers, in the order of its names; no file comes along."""
    from answerprint.filling import stock

    says, service = texts["fill"], stock.stock(desk.production, args.stock)
    asked = _open(stock.to_search(desk, slot, service, words=args.words, count=12 if args.count is None else args.count, photographs=args.photographs))
    if not _agreed(args, texts, desk, service, asked, says["photographs" if args.photographs else "clips"].format(count=asked.request.count)):
        return 1
    with asking.waiting(texts, service) as wait:
        found = stock.search(desk, service, asked, cancel=wait.cancel, by=asking.who(args, desk))
    if args.json:
        print_json({"slot": slot.name, "entry": found.entry, "found": found.found, "offers": [_offer(one) for one in found.offers], "notes": found.notes})
        return 0
    if found.found:
        print(plain(says["offered_before"].format(name=service.name, entry=found.entry)))
    _offers(found.offers, says)
    print(plain(says["fetch" if found.offers else "no_offers"].format(folder=typed(args.folder), slot=slot.name, name=service.name)))
    return 0


def _fetch(args: argparse.Namespace, desk: Any, slot: Any, texts: dict[str, Any]) -> int:
    """The file of one offer, which somebody chose by naming it."""
    from answerprint.desk import Desk
    from answerprint.filling import licence, stock

    says, offer = texts["fill"], stock.offered(desk, slot, args.fetch)
    service = stock.stock(desk.production, offer.provider)
    asked = _open(stock.to_fetch(desk, slot, service, offer))
    if not _agreed(args, texts, desk, service, asked, says["file"].format(name=offer.name, author=offer.author or offer.provider)):
        return 1
    with asking.waiting(texts, service) as wait:
        made = stock.fetch(desk, service, asked, offer, cancel=wait.cancel, by=asking.who(args, desk))
    said = stock.fetched(desk.production)[made.digest]
    offered, number = licence.rows(made.file, said), licence.listed(Desk(desk.production), made.file)
    if args.rights and number is None:
        number = licence.write(Desk(desk.production), made.file, said)
    if args.json:
        print_json({"slot": slot.name, "entry": made.entry, "found": made.found, "file": made.file, "seal": made.digest, "offer": _offer(made.offer), "rights": offered, "no_limit": licence.open_columns(offered), "row": number})
        return 0
    print(plain(says["fetched"].format(file=made.file, author=offer.author or offer.provider, licence=said["licence"], page=offer.page or offer.provider)))
    if number is not None:
        print(plain(says["listed"].format(row=number)))
    else:
        print(says["row"])
        for row in offered:
            print(plain("  " + "\n  ".join(f"{name}: {value}" for name, value in row.items())))
        if left := licence.open_columns(offered):
            print(says["no_limit"].format(columns=", ".join(left)))
        print(plain(says["write_row"].format(folder=typed(args.folder), slot=slot.name, name=typed(offer.name))))
    print(plain(says["take"].format(folder=typed(args.folder), slot=slot.name, file=typed(made.file))))
    return 0


def _open(asked: Any) -> Any:
    """Raises: CallError: something stands against it; every reason is said."""
    from answerprint.calling import CallError

    if asked.against:
        raise CallError(" ".join(asked.against))
    return asked


def _agreed(args: argparse.Namespace, texts: dict[str, Any], desk: Any, service: Any, asked: Any, what: str) -> bool:
    """Whether somebody says yes to it; what the record answers already needs no yes."""
    from answerprint.calling import Planned

    planned = Planned(what=f"{what} for {asked.slot.words}", requests=(asked.request,), for_item=asked.slot.item.number)
    return asked.answer is not None or asking.agreed(args, texts, desk, service, planned) is not None


def _before(desk: Any, slot: Any, says: dict[str, str], stream: Any) -> None:
    """What the library has for a slot and what stock services offered: shown before anything is generated."""
    from answerprint.filling import stock

    _shots(_library(desk, slot), says, stream)
    there = stock.offers(desk, slot)
    print(says["stock" if there else "no_stock"], file=stream)
    _offers(there, says, stream)


def _shots(shots: Any, says: dict[str, str], stream: Any) -> None:
    print(says["library" if shots else "no_library"], file=stream)
    for one in shots:
        stretch = "" if one.in_s == one.out_s else f"  {float(one.in_s):.2f} to {float(one.out_s):.2f} s"
        print(plain(f"  {one.file}{stretch}"), file=stream)
        print(plain(f"    {', '.join(one.matched or one.facts)}; {one.rights}"), file=stream)


def _offers(offers: Any, says: dict[str, str], stream: Any = None) -> None:
    for one in offers:
        size = f"{one.width}x{one.height}" + (f", {float(one.duration_s):.1f} s" if one.duration_s is not None else "")
        print(plain(f"  {one.name}  {size}  {', '.join(part for part in (one.author, one.licence) if part)}" + ("  " + says["is_at"].format(file=one.file) if one.file else "")), file=stream)
        print(plain("    " + "; ".join(part for part in (one.says, one.page) if part)), file=stream)


def _offer(one: Any) -> dict[str, Any]:
    return {
        "entry": one.entry, "provider": one.provider, "name": one.name, "page": one.page, "author": one.author, "licence": one.licence, "says": one.says, "width": one.width, "height": one.height,
        "duration_s": str(one.duration_s) if one.duration_s is not None else None, "file": one.file, "there": one.there,
    }  # fmt: skip


def _made(candidates: Any, says: dict[str, str]) -> None:
    for one in candidates:
        print(plain(f"  {one.file}" + (f"  {says['still']}" if one.still else "") + ("" if one.there else f"  {says['gone']}")))


def _seconds(text: str) -> Fraction:
    from answerprint.model.time import number

    try:
        return number(text)
    except (ValueError, ZeroDivisionError) as cause:
        raise argparse.ArgumentTypeError(f"{text!r} is no length in seconds") from cause


def _listed(file: str) -> str:
    """How the library knows that one of its files was generated; "" where nothing there says so."""
    from pathlib import Path

    from answerprint import shelving

    return shelving.generated(Path(file))


def _told(args: argparse.Namespace, value: Any, line: str) -> int:
    if args.json:
        print_json(value)
    else:
        print(plain(line))
    return 0


def _every(args: argparse.Namespace, desk: Any, says: dict[str, str], only: Any = None) -> int:
    """The stock slots of the script, each with the clips that stand for it."""
    from answerprint import filling, slots

    there = [only] if only is not None else list(slots.slots(desk))
    served = slots.servings(desk.production).values()
    stands = {slot.name: [one for one in served if one.says == slot.says] for slot in there}
    paper = slots.policy(desk)
    if args.json:
        rows = [{"slot": one.name, "item": one.item.number, "says": one.says, "stands": [{"file": said.file, "by": said.by, "entry": said.entry} for said in stands[one.name]]} for one in there]
        print_json({"slots": rows, "no_slots": slots.no_slots(desk), "policy": paper.called if paper is not None else None} | _more(desk, only))
        return 0
    for slot in there:
        print(plain(slot.words))
        for said in stands[slot.name]:
            print(plain("  " + says["stands"].format(file=said.file, who=said.by, entry=said.entry)))
        if not stands[slot.name]:
            print(plain("  " + says["empty"]))
    if only is not None:
        _before(desk, only, says, sys.stdout)
        if generated := filling.candidates(desk, only):
            print(says["generated"])
            _made(generated, says)
    if not there:
        print(says["none"])
    for line in slots.no_slots(desk) if only is None else ():
        print(plain(line))
    print(plain(says["policy"].format(paper=paper.called) if paper is not None else says["no_policy"]))
    return 0


def _more(desk: Any, only: Any) -> dict[str, Any]:
    """What there is for one slot beside what stands for it; nothing where no slot was named."""
    from answerprint import filling
    from answerprint.filling import stock

    if only is None:
        return {}
    return {"library": [_shot(one) for one in _library(desk, only)], "stock": [_offer(one) for one in stock.offers(desk, only)], "generated": [vars(one) for one in filling.candidates(desk, only)]}


def _library(desk: Any, slot: Any) -> tuple[Any, ...]:
    """Shots of the library for a slot, by its own words, as they lie on disk."""
    from answerprint import shelving

    return shelving.candidates(desk, slot.says)


def _shot(one: Any) -> dict[str, Any]:
    return {
        "file": one.file, "seal": one.digest, "in_s": str(one.in_s), "out_s": str(one.out_s), "facts": list(one.facts), "matched": list(one.matched), "rights": one.rights,
        "connected": one.connected, "generated": one.generated,
    }  # fmt: skip
