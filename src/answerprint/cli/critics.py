"""Critics at the terminal: ask, read, play what they offer."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, named, plain, print_json, typed

if TYPE_CHECKING:
    from answerprint.book import Person
    from answerprint.critiquing import Said
    from answerprint.desk import Desk

__all__ = ["add"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("critics", _critics)
    one.add_argument("--version", default="", metavar="VERSION", help="of the film; the first one where none is said")
    one.add_argument("--critic", dest="critics", action="append", default=[], metavar="NAME", help="dp, editor, gaffer or sound; may be said again")
    one.add_argument("--assembly", action="store_true", help="also about the machine's own rough cut, which nobody has cut yet")
    one.add_argument("--who", default="", metavar="NAME", help="who reads them: it is then known that they opened these critics' ideas, which is all that the gate asks beside an empty chair")
    one.add_argument("--pictures", action="store_true", help="draw what is offered as stills beside the files")


def _critics(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import critiquing
    from answerprint.critiquing import words
    from answerprint.desk import Desk
    from answerprint.production import open

    desk = Desk(open(args.folder))
    person = desk.book.person(args.who) if args.who and desk.book is not None else None
    if args.who and person is None:
        raise critiquing.CritiquingError("nobody is on the crew yet, so nobody can have opened anything.")
    found = critiquing.critique(desk, args.version or desk.family.first.name, args.critics, assembly=args.assembly)
    ideas = [one for one in found.ideas if not args.critics or one.critic in args.critics]
    pictures = {one.n: str(place.relative_to(desk.path)) for one in ideas if args.pictures and (place := critiquing.draw(desk, one)) is not None}
    if args.json:
        print_json({"version": found.version, "cut": found.cut, "new": found.new, "says": list(found.says), "ideas": [critiquing.plain(one) | {"picture": pictures.get(one.n)} for one in ideas]})
        return 1 if found.says else 0
    says = texts["critics"]
    print(plain(says["about"].format(version=found.version, cut=found.cut, ideas=count(len(ideas), "idea"), new=found.new)))
    for one in ideas:
        print(f"\n{one.n}  {plain(one.critic)}, {plain(words.named(one.on))}")
        print(plain(f"   {one.text}"))
        print(plain("   " + says["gives_up"].format(what=one.gives_up)))
        print(plain("   " + says["seen"].format(facts="; ".join(f"{words.named(fact['name'])} {words.told(fact['value'])}" for fact in one.facts))))
        for file in (one.offer, pictures.get(one.n)):
            if file:
                print(plain(f"   {file}"))
    for sentence in found.says:
        print(plain(sentence))
    if person is not None:
        named(person.name, texts)
    _opened(desk, person, found.version, ideas)
    if ideas:
        print("\n" + says["second"].format(number=ideas[0].n, folder=typed(args.folder)))
    return 1 if found.says else 0


def _opened(desk: Desk, person: Person | None, version: str, ideas: Sequence[Said]) -> None:
    """Whose ideas were printed for somebody by name were opened by them; read as data, they were not."""
    from answerprint import critiquing

    if person is not None:
        for critic in dict.fromkeys(one.critic for one in ideas):
            critiquing.opened(desk, person.id, version, critic)
