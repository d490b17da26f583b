"""Commands over the crew: who is on it, with which key."""

from __future__ import annotations

import argparse
import base64
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli import signing
from answerprint.cli.parsing import Commands, here
from answerprint.cli.printing import plain, print_json, table

if TYPE_CHECKING:
    from answerprint.book import Book, Person
    from answerprint.ledger.signer import KeyFile
    from answerprint.model.judgments import Enrol, Signs
    from answerprint.production import Production

__all__ = ["add"]

TRIES = 3  #: as OpenSSH asks
Done = dict[str, Any]  #: an enrolment, for other programs


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("crew", _crew, folder=False)
    one.add_argument("--in", dest="folder", metavar="FOLDER", help="the production; the one you stand in where not given")
    verbs = one.add_subparsers(metavar="add | revoke")
    new = verbs.add_parser("add", help="a person, another key for somebody, or another seat")
    new.add_argument("name", metavar="NAME", help="the full name, as it stands in the credits")
    new.add_argument("--role", action="append", default=[], metavar="ROLE", help="producer, director, DP ...; may be said again")
    new.add_argument("--no-role", action="append", default=[], metavar="ROLE", help="they leave this seat")
    new.add_argument("--key", dest="enrol", metavar="KEY", help="new: make one here; or their .pub file; or the name of a key that you have")
    new.add_argument("--same", action="store_true", help="another key of somebody who is on the crew")
    new.add_argument("--paper", type=Path, nargs="?", const=Path(), metavar="PDF", help="also a recovery key, on a page to print")
    new.add_argument("--recover", action="store_true", help="the key is lost: a new one, by the recovery key on paper")
    signing.add_key(new, option="--as")
    new.set_defaults(run=_add)
    gone = verbs.add_parser("revoke", help="a key signs no more; by a name, all of that person's")
    gone.add_argument("who", metavar="WHO", help="a key, by the beginning of its id, or a person")
    gone.add_argument("--why", default="", metavar="REASON", help="stands in the record")
    gone.add_argument("--from", dest="since", type=int, metavar="ENTRY", help="also strike what it signed from that entry on")
    signing.add_key(gone)
    gone.set_defaults(run=_revoke)
    for verb in (new, gone):
        verb.add_argument("--in", dest="folder", default=argparse.SUPPRESS, metavar="FOLDER", help="the production")
        verb.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="for other programs")


# ---- the list


def _crew(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import crew
    from answerprint.ledger.signer import six_words
    from answerprint.model.judgments import Revoke
    from answerprint.production import open

    book = signing.book(open(here(args.folder)))
    if not book.people and not args.json:
        print('Nobody is on the crew yet. Begin with: answerprint crew add "FULL NAME" --role producer --key new')
        return 0
    chairs = crew.chairs(book)
    why = {line.content.key: line for line in book.of(Revoke)}
    keys: list[dict[str, Any]] = [
        {"name": one.name, "id": key, "words": " ".join(six_words(key)), "purpose": book.purpose(key),
         "given_by": giver.name if (giver := book.given_by(key)) else None,
         "revoked": {"by": why[key].by.name, "at": why[key].at, "why": why[key].content.because} if key in why else None}
        for one in book.people.values() for key in one.keys
    ]  # fmt: skip
    if args.json:
        print_json({"chairs": [{"role": one.role, "people": [who.name for who in one.people]} for one in chairs], "keys": keys})
        return 0
    table([(one.role, ", ".join(who.name for who in one.people) or crew.EMPTY) for one in chairs])
    print()
    rows = [(one["name"], one["words"], one["id"][:15], _state(one)) for one in keys]
    table([("key of", "in six words to read out", "id", ""), *rows])
    return 0


def _state(key: dict[str, Any]) -> str:
    if gone := key["revoked"]:
        return f"revoked by {gone['by']}, {signing.day(gone['at'])}: {gone['why']}"
    given = f"enrolled by {key['given_by']}" if key["given_by"] else ""
    return ", ".join(filter(None, ("on paper" if key["purpose"] == "recovery" else "", given)))


# ---- somebody comes


def _add(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import crew
    from answerprint.production import open

    production = open(here(args.folder))
    book = _now(production)
    if args.recover:
        done = [_recover(args, production, book)]
    elif not args.enrol and (args.same or crew.named(book, args.name)):
        done = _change(args, production, book)
    else:
        done = _enrol_key(args, production, book)
    if args.json:
        print_json(done)
    elif (one := crew.alone(_now(production))):
        folder = args.folder or "."
        print(plain(f'Nobody holds a judgment yet. If {one.name} decides everything: answerprint charter {folder} --holder all="{one.name}"'))
    return 0


def _now(production: Production) -> Book:
    from answerprint.book import Book

    with signing.writer(production) as record:
        return Book(record)


def _enrol_key(args: argparse.Namespace, production: Production, book: Book) -> list[Done]:
    """A key for somebody new, or another one for somebody who is here."""
    from answerprint import crew

    roles = tuple(crew.role(one) for one in args.role)
    there = crew.check(book, args.name, roles=roles, same=args.same)
    name = there.name if there else " ".join(args.name.split())
    if not args.enrol:
        raise signing.SigningError(f"with which key does {name} sign? --key new makes one here; --key FILE.pub takes one that they have.")
    if there is None and (near := crew.alike(book, name)):
        signing.say(args, f"{name} looks like {near.name}, who is on the crew, and is written with other letters. Somebody else?")
    founds = not book.people
    if args.paper is not None and not founds and args.enrol.casefold() != "new":
        raise _own_page(name)
    signs = None if founds else signing.signer(args, production)
    if signs is not None:
        trial = crew.enrolment(book, name, roles=roles, public=_nobodys(), same=args.same)
        signing.allowed(production, trial, by=signs.key_id)
    public, own = _key(args.enrol, name, founds=founds, again=there is not None)
    content = crew.enrolment(book, name, roles=roles, public=public, same=args.same)
    signs = signs or own
    assert signs is not None
    done = [_sign_enrolment(args, production, content, signs, was=there)]
    if (founds or args.paper is not None) and (paper := _paper(args, production, content.person, own or signs)):
        done.append(paper)
    return done


def _nobodys() -> str:
    """A public line that is nobody's, to ask the law with before a key is made."""
    wire = b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", os.urandom(32)))
    return "ssh-ed25519 " + base64.b64encode(wire).decode()


def _key(text: str, name: str, *, founds: bool, again: bool) -> tuple[str, Signs | None]:
    """The public line of the key to enrol, and the key itself where it is needed because its owner is the first on the crew."""
    from answerprint.ledger import signer as keys

    if text.casefold() == "new":
        made, signs = _made(name, again=again)
        return made.public, signs
    own = [one for one in keys.own_keys() if one.name.casefold() == text.casefold() or one.path.name == f"{text}_id_ed25519" or one.key_id == text]
    public = own[0].public if len(own) == 1 else keys.public_line(text)
    return public, keys.find(str(own[0].path) if len(own) == 1 else text, ask=signing.ask) if founds else None


def _made(name: str, *, again: bool) -> tuple[KeyFile, Signs]:
    """A new key under a passphrase that is typed twice; it need not be typed a third time to sign.

    Args: again: the person has keys; this one gets a number where a file of their name is there already.
    """
    from answerprint.ledger import signer as keys

    taken = {one.name.casefold() for one in keys.own_keys()}
    stems = [name, *(f"{name} {number}" for number in range(2, 100))] if again else [name]
    stem = next((one for one in stems if one.casefold() not in taken), None)
    if stem is None:
        raise signing.SigningError(f'You have a key called {name} already. Take it: --key "{name}"')
    for _ in range(TRIES):
        typed = signing.ask(f"{name}, choose a passphrase for your key, four words that do not belong together:")
        if not typed:
            raise signing.SigningError("No passphrase, so no key was made.")
        if signing.ask("The same once more:") != typed:
            print("The two were not the same.", file=sys.stderr)
            continue
        try:
            made = keys.new_key(stem, passphrase=typed)
        except keys.KeyRefused as refused:
            if refused.__cause__ is not None:
                raise
            print(plain(str(refused)), file=sys.stderr)
            continue
        return made, keys.find(str(made.path), ask=partial(_known, typed))
    raise signing.SigningError("No key was made. Begin again when you have a passphrase.")


def _known(passphrase: str, _: str) -> str:
    """A passphrase that was typed a moment ago."""
    return passphrase


def _sign_enrolment(args: argparse.Namespace, production: Production, content: Enrol, signs: Signs, *, was: Person | None = None) -> Done:
    """Sign it, and say by which words its owner knows the key."""
    from answerprint.crew import key_id
    from answerprint.ledger.signer import six_words

    key = key_id(content.key.public)
    words = " ".join(six_words(key))
    what = f"another key for {content.name}" if was else f"{content.name} on the crew: {', '.join(content.roles)}"
    if content.key.purpose == "recovery":
        what = f"a recovery key for {content.name}: it only replaces a lost key"
    entry = signing.sign(production, content, args, lists=[what, f"the key: {words}"], signs=signs)
    if content.key.purpose == "daily":
        signer = _now(production).of_key(signs.key_id)
        own = signer is not None and signer.id == content.person
        whose = "Your key in six words, to read out when somebody asks" if own else f"Let {content.name} read out the six words of their key"
        signing.say(args, f"{content.name} is on the crew: {', '.join(content.roles)} (entry {entry.n}).")
        signing.say(args, f"{whose}: {words}")
    return {"entry": entry.n, "name": content.name, "roles": content.roles, "key": key, "words": words, "purpose": content.key.purpose}


def _change(args: argparse.Namespace, production: Production, book: Book) -> list[Done]:
    """Another seat for somebody who is on the crew, or a recovery key for them."""
    from answerprint import crew
    from answerprint.ledger.signer import own_keys

    person = book.person(args.name)
    if not args.role and not args.no_role and args.paper is None:
        mine = {one.key_id for one in own_keys()} & set(person.live)
        hint = "For a recovery key: --paper. " if mine else ""
        raise signing.SigningError(f"{person.name} is on the crew: {', '.join(person.roles)}. {hint}For another seat: --role. For another key: --same --key")
    signs, done = signing.signer(args, production), list[Done]()
    if args.paper is not None and book.of_key(signs.key_id) != person:
        raise _own_page(person.name)
    if args.role or args.no_role:
        content = crew.reseated(book, person.id, add=args.role, leave=args.no_role)
        now = ", ".join(content.roles)
        entry = signing.sign(production, content, args, lists=[f"{person.name}: {now} (was {', '.join(person.roles)})"], signs=signs)
        signing.say(args, f"{person.name}: {now} (entry {entry.n}).")
        done.append({"entry": entry.n, "name": person.name, "roles": content.roles})
    if args.paper is not None and (paper := _paper(args, production, person.id, signs)):
        done.append(paper)
    return done


# ---- the key on paper


def _own_page(name: str) -> signing.SigningError:
    """Whoever prints a page reads it, and who reads it can take that person's place."""
    return signing.SigningError(f'{name} prints their own page, with their own key: answerprint crew add "{name}" --paper')


def _paper(args: argparse.Namespace, production: Production, who: str, signs: Signs) -> Done | None:
    """Offer a recovery key, print it on a page, enrol it. The page first: a key that is on no paper must not be on the crew."""
    from answerprint import crew
    from answerprint.keep import write_whole
    from answerprint.ledger import signer as keys

    book = _now(production)
    name = book.people[who].name
    if args.paper is None:
        try:
            wants = signing.answer("If you forget the passphrase, nobody can help. Make a recovery key to print on paper? [Y/n]", "", to_stderr=args.json)
        except signing.SigningError:
            wants = "n"
        if wants.casefold() not in ("", "y", "yes"):
            signing.say(args, f'Later: answerprint crew add "{name}" --paper')
            return None
        args = argparse.Namespace(**{**vars(args), "yes": True})
    made = keys.recovery_key()
    page = _place(args.paper, name, production)
    if os.path.lexists(page):
        raise signing.SigningError(f"{page}: a file of that name is there. Name another: --paper FILE.pdf")
    write_whole(page, keys.recovery_page(name, str(production.settings["title"]), made.key_id, made.groups), mode=0o600)
    try:
        done = _sign_enrolment(args, production, crew.enrolment(book, who, public=made.public, purpose="recovery", same=True), signs)
    except BaseException:
        page.unlink(missing_ok=True)
        raise
    signing.say(args, f"{page}: print it, put it where you keep a passport, then delete the file.")
    return {**done, "page": str(page)}


def _place(named: Path | None, name: str, production: Production) -> Path:
    """Where the page goes: where it was said, else where you stand, but never into the production, which others get."""
    if named not in (None, Path()):
        return Path(named or "")
    folder = Path.cwd()
    if folder.is_relative_to(production.path):
        folder = Path.home()
    return folder / f"recovery key of {''.join(char if char.isalnum() else ' ' for char in name).strip()}.pdf"


def _recover(args: argparse.Namespace, production: Production, book: Book) -> Done:
    """The key is lost: the one on paper enrols a new one."""
    from answerprint import crew
    from answerprint.ledger import signer as keys

    person = book.person(args.name)
    paper = None
    for _ in range(TRIES):
        typed = signing.answer("The seven groups on your page:", "They are typed by a person.", to_stderr=args.json)
        if not typed:
            break
        try:
            paper = keys.read_recovery(typed)
            break
        except keys.KeyRefused as refused:
            signing.say(args, str(refused))
    if paper is None:
        raise signing.SigningError("Nothing was signed.")
    if book.of_key(paper.key_id) != person:
        owner = book.of_key(paper.key_id)
        raise signing.SigningError(f"This page is {f'that of {owner.name}' if owner else 'from another production'}, not {person.name}'s here.")
    signing.allowed(production, crew.enrolment(book, person.id, public=_nobodys(), same=True), by=paper.key_id)
    made, _ = _made(person.name, again=True)
    done = _sign_enrolment(args, production, crew.enrolment(book, person.id, public=made.public, same=True), paper, was=person)
    for key in person.live:
        if book.purpose(key) == "daily":
            where = f" --in {args.folder}" if args.folder else ""
            signing.say(args, f'If nobody shall sign with the old one: answerprint crew revoke {key[:19]} --why "lost" --key "{made.name}"{where}')
    return done


# ---- somebody goes


def _revoke(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import crew
    from answerprint.production import open

    production = open(here(args.folder))
    book = signing.book(production)
    signs = signing.signer(args, production)
    entries = []
    for content in crew.revocations(book, args.who, because=args.why, by=signs.key_id, from_entry=args.since):
        owner = book.of_key(content.key)
        purpose = "the recovery key" if book.purpose(content.key) == "recovery" else "the key"
        lists = [f"{purpose} {content.key[:19]} of {owner.name if owner else 'nobody'} signs no more: {content.because}"]
        if content.from_entry is not None:
            hit = [line.n for line in book.lines if line.key == content.key and line.n >= content.from_entry and not line.struck]
            lists.append(f"struck: what it signed from entry {content.from_entry} on ({', '.join(map(str, hit)) or 'nothing yet'})")
        entries.append(signing.sign(production, content, args, lists=lists, signs=signs).n)
    if args.json:
        print_json({"entries": entries})
    else:
        print(f"Revoked (entry {', '.join(map(str, entries))}).")
    return 0
