"""Commands over the record: check it, read it, give it away."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli import signing
from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, named, plain, print_json, table

if TYPE_CHECKING:
    from answerprint.chronicle import Chronicle
    from answerprint.production import Production

__all__ = ["add"]

_KEY = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?$|ssh-ed25519 ")  #: a key's id as `ssh-keygen -l` prints it, or a public line


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("verify", _verify, folder=False)
    one.add_argument("folder", metavar="SPOT", help="the production, or a copy of its record")
    one.add_argument("--producer", metavar="KEY", help="a producer's key as they told it to you: SHA256:..., or their .pub file")
    one.add_argument("--checkpoint", type=Path, metavar="FILE", help="a checkpoint that somebody kept: shows a cut-off end")
    one.add_argument(
        "--held",
        action="append",
        default=[],
        metavar="N:SEAL",
        help="an entry's number and seal that you noted earlier: shows a cut-off end",
    )
    one.add_argument("--film", type=Path, metavar="FILE", help="a finished film: who answered for it")
    one.add_argument("--papers", type=Path, metavar="FILE", help="the papers.json that came with that film")
    two = command("record", _record, folder=False)
    two.add_argument("folder", metavar="SPOT", help="the production, or a copy of its record")
    two.add_argument("--entry", type=int, metavar="N", help="one signed entry, for OpenSSH to check by itself; --to says into which folder")
    two.add_argument("--all", action="store_true", help="each thing the machine did by itself, not in groups")
    two.add_argument("--html", action="store_true", help="as a page, to read and to print")
    two.add_argument("--to", type=Path, metavar="FILE", help="a copy of the record, as one file; with --html, the page")
    two.add_argument("--withhold", choices=["words"], help="with --to: leave out what people said; everything still verifies")
    two.add_argument("--checker", type=Path, metavar="FILE", help="also write the check, one program, to hand out with it")
    three = command("checkpoint", _checkpoint)
    three.add_argument("--to", type=Path, metavar="FILE", help="where the note goes; into out/ where not given")
    three.add_argument("--qr", action="store_true", help="also on paper: a page with the note as a square to scan")
    signing.add_key(three)
    four = command("watched", _watched)
    four.add_argument("--who", metavar="NAME", help="whose; needed only where several of the crew work at this computer")
    four.add_argument("--sheet", metavar="VERSION", help="I looked at the contact sheet of this version as it is now")
    answer = four.add_mutually_exclusive_group()
    answer.add_argument("--allow", action="store_true", help='let "played n of m" stand beside what I sign')
    answer.add_argument("--no-allow", action="store_true", help="let nothing of it leave, which is how it begins")
    answer.add_argument("--erase", action="store_true", help="erase it, for good")


# ---- checking


def _verify(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.production import ProductionError
    from answerprint.spot import open

    if args.papers and not args.film:
        raise ProductionError("--papers belongs to a film: name it with --film.")
    if Path(args.folder).is_file() or args.film:
        return _verify_file(args)
    found = open(args.folder).verify(held=[_held(text) for text in args.held], **_known_from_outside(args))
    if args.json:
        print_json(found)
    else:
        for finding in found["findings"]:
            print(plain(f"entry {finding['entry']}: {finding['says']}" if finding["entry"] else finding["says"]))
        print(f"{count(len(found['findings']), 'finding')}." if found["findings"] else "Nothing wrong found.")
        kept = "kept files not looked at" if found["kept"] is None else f"{count(found['kept'], 'kept file')} as the record names {'it' if found['kept'] == 1 else 'them'}"
        print(f"{count(found['entries'], 'entry', 'entries')}, {kept}. {found['says']}")
        if found["began"]:
            print(plain(f"{count(found['signed'], 'signed entry', 'signed entries')}. {found['began']}"))
        for note in found["notes"]:
            print(plain(note))
        _agrees(args, bool(found["findings"]))
        if found["head"]:
            print(f"The last seal, to note and to hold against it later: {found['entries']}:{found['head']}")
    return 1 if found["findings"] else 0


def _verify_file(args: argparse.Namespace) -> int:
    """A record by itself, a copy that somebody handed over; and a film held against it."""
    from dataclasses import asdict

    from answerprint.ledger.verify import check_film, held_by, verify
    from answerprint.spot import open

    record = Path(args.folder) if Path(args.folder).is_file() else open(args.folder).inside / "record.db"
    report = verify(record, held=[*(_held(text) for text in args.held), *held_by(args.papers)], **_known_from_outside(args))
    film = check_film(report, args.film, args.papers) if args.film else None
    if args.json:
        print_json({**asdict(report), "vouched": report.vouched, **({"film": asdict(film)} if film else {})})
    else:
        for line in (*report.lines(), *(film.findings if film else ()), *(film.says if film else ())):
            print(plain(line))
        _agrees(args, bool(report.findings))
    return (1 if report.findings or (film and film.findings) else 0) if report.readable else 2


def _known_from_outside(args: argparse.Namespace) -> dict[str, Any]:
    """What the reader brings along: a producer's key, a checkpoint."""
    from answerprint.production import ProductionError

    try:
        producer = args.producer
        if producer and Path(producer).is_file():
            producer = Path(producer).read_text(encoding="utf-8", errors="replace")
        elif producer and not _KEY.match(producer):
            raise ProductionError(f"--producer {producer}: there is no such file, and a key is SHA256: and 43 letters, as `answerprint crew --json` shows it.")
        checkpoint = args.checkpoint.read_bytes() if args.checkpoint else None
        if checkpoint is not None and not checkpoint.startswith(b"answerprint checkpoint "):
            raise ProductionError(f"--checkpoint {args.checkpoint.name}: that is no checkpoint. One begins with the words: answerprint checkpoint 1")
        return {"producer": producer, "checkpoint": checkpoint}
    except OSError as cause:
        raise ProductionError(f"{cause.filename}: it cannot be read ({cause.strerror}).") from cause


def _agrees(args: argparse.Namespace, findings: bool) -> None:
    """What the reader brought along was looked at, and fits."""
    brought = [name for name, given in (("the producer's key", args.producer), ("the checkpoint", args.checkpoint), ("the seal that you noted", args.held)) if given]
    if brought and not findings:
        print(f"It agrees with what you brought: {', '.join(brought)}.")


def _held(text: str) -> tuple[int, str]:
    from answerprint.production import ProductionError

    number, _, seal = text.partition(":")
    if not number.isdigit() or not seal:
        raise ProductionError(
            f"--held {text}: write the entry's number, a colon and its seal, as `answerprint verify` prints them."
        )
    return int(number), seal


# ---- reading, and giving away


def _record(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.production import ProductionError
    from answerprint.spot import open

    alone = Path(args.folder).is_file()  # a copy that somebody handed over
    production = None if alone else open(args.folder)
    if args.withhold and (args.html or not args.to):
        raise ProductionError("--withhold is for a copy: answerprint record FOLDER --to FILE --withhold words")
    if args.entry is not None:
        return _alone(args, production)
    if args.html:
        return _page(args, production)
    if args.to:
        return _copy(args, production, texts)
    if args.json and production is not None:
        print_json(production.record())
        return 0
    chronicle = _chronicle(args, production)
    if args.json:
        print_json([{"n": one.n, "at": one.at, "kind": one.kind, "hash": one.hash, "body": one.read()} for one in chronicle.entries] if chronicle else [])
    elif chronicle is None or not chronicle.entries:
        print(texts["record"]["empty"])
    else:
        _table(chronicle, every=args.all)
    return _hand_out(args)


def _chronicle(args: argparse.Namespace, production: Production | None) -> Chronicle | None:
    from answerprint.chronicle import read

    path = Path(args.folder) if production is None else production.inside / "record.db"
    return read(path) if production is None or path.exists() else None


def _table(chronicle: Chronicle, *, every: bool) -> None:
    """What people signed, in words, and the machine's work between; a number and a name stand once for all that belongs to them."""
    from answerprint.chronicle import rows

    shown = [("entry", "when", "who", "what")]
    before = (0, 0)
    for row in rows(chronicle, every=every):
        again = (row.first, row.last) == before
        before = (row.first, row.last)
        number = f"{row.first}" if row.first == row.last else f"{row.first} to {row.last}"
        says = f"{row.says} (struck)" if row.struck else row.says
        shown.append(("", "", "", says) if again else (number, row.at[:16].replace("T", " "), row.who or row.written, says))
    table(shown)


def _copy(args: argparse.Namespace, production: Production | None, texts: dict[str, Any]) -> int:
    from answerprint.copies import copy
    from answerprint.ledger.copied import copy as of_file

    withhold = args.withhold == "words"
    done = of_file(Path(args.folder), args.to, withhold=withhold) if production is None else copy(production, args.to, withhold=withhold)
    if args.json:
        print_json({"path": done.path, "entries": done.entries, "head": done.head, "withheld": done.withheld, "says": done.vouched})
    else:
        print(plain(f"{done.path}: {count(done.entries, 'entry', 'entries')} in one file of {done.size_bytes / 1e6:.1f} MB, checked. Nothing wrong found."))
        if done.withheld:
            print(texts["record"]["withheld"].format(texts=count(done.withheld, "text is", "texts are")))
        print(done.vouched)
    return _hand_out(args)


def _alone(args: argparse.Namespace, production: Production | None) -> int:
    """One entry with its signature, and what to type to check it without any program of ours."""
    from answerprint.copies import CopyError, clear, entry_alone

    if args.to is None or args.html or args.withhold:
        raise CopyError("--entry goes with a folder and nothing else: answerprint record SPOT --entry N --to FOLDER")
    path = Path(args.folder) if production is None else production.inside / "record.db"
    if not path.exists():
        raise CopyError("there is no record yet, so there is no entry.")
    made = entry_alone(path, args.entry, args.to if production is None else clear(production, args.to))
    if args.json:
        print_json({"paths": made.paths, "by": made.by, "key": made.key, "line": made.line})
        return _hand_out(args)
    for one in made.paths:
        print(plain(str(one)))
    print(plain(f"{made.by} signed it with {made.key}: hold that against the key as they tell it to you. In that folder:"))
    print(plain(made.line))
    return _hand_out(args)


def _hand_out(args: argparse.Namespace) -> int:
    """The check beside what it checks."""
    if args.checker:
        from answerprint.copies import hand_out_check

        path = hand_out_check(args.checker)
        signing.say(args, f"{path}: the check, one program for Python 3.11 with the package cryptography. Hand it out as it is.")
    return 0


def _page(args: argparse.Namespace, production: Production | None) -> int:
    from answerprint.copies import clear
    from answerprint.keep import write_whole
    from answerprint.production import ProductionError
    from answerprint.record_page import html
    from answerprint.turnover import clear_of_media, safe_name

    chronicle = _chronicle(args, production)
    if chronicle is None:
        raise ProductionError("there is no record yet. Run `answerprint prep`, or put somebody on the crew.")
    if production is not None:
        title, client, file = production.settings["title"], production.settings["client"], f"{safe_name(production.settings['title'])} record.db"
        to = args.to or production.path / "out" / f"{safe_name(title)} record.html"
        clear_of_media(production, clear(production, to), ".html")
    else:
        title, client, file = Path(args.folder).stem, "", Path(args.folder).name
        to = args.to or Path(args.folder).with_suffix(".html")
    if to.suffix.lower() not in (".html", ".htm"):
        raise ProductionError(f"{to.name}: the page is written as .html; print it from there. A copy of the record itself goes without --html.")
    write_whole(to, html(chronicle, title=title, client=client, file=file).encode("utf-8"))
    if args.json:
        print_json({"path": to, "entries": chronicle.report.entries, "findings": [str(one) for one in chronicle.report.findings]})
    else:
        print(plain(str(to)))
    _hand_out(args)
    return 1 if chronicle.report.findings else 0


# ---- a checkpoint


def _checkpoint(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    import sys

    from answerprint import checkpoints
    from answerprint.copies import CopyError, clear
    from answerprint.keep import write_whole
    from answerprint.spot import open
    from answerprint.turnover import safe_name

    production = open(args.folder)
    title = production.settings["title"]
    if args.to:
        for path in [clear(production, args.to)] + ([args.to.with_suffix(".pdf")] if args.qr else []):
            if path.exists():
                raise CopyError(f"{path}: something lies there already, and a checkpoint replaces nothing. Choose another name.")
    signs = signing.signer(args, production)
    content = checkpoints.content(title)
    entry = signing.sign(production, content, args, lists=[f"a checkpoint of {title}: everything in the record until now"], signs=signs)
    who = signing.book(production).of_key(signs.key_id)
    note = checkpoints.note(entry, content, by=who.name if who else "", signs=signs)
    if not args.json:  # before any disk can refuse it
        sys.stdout.flush()
        print("".join(plain(line) + "\n" for line in note.data.decode("utf-8").splitlines()), end="")
    to = args.to or production.path / "out" / f"{safe_name(title)} checkpoint {entry.n}.txt"
    paths = [to]
    write_whole(to, note.data)
    if args.qr:
        paths.append(to.with_suffix(".pdf"))
        write_whole(paths[1], checkpoints.page(note))
    if args.json:
        print_json({"entry": note.entry, "seal": note.seal, "by": note.by, "key": note.key, "paths": paths, "note": note.data.decode("utf-8")})
    else:
        print()
        for path in paths:
            print(plain(str(path)))
        print(texts["checkpoint"]["give"])
    return 0


# ---- what was watched


def _watched(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import watched
    from answerprint.chronicle import day
    from answerprint.spot import open

    production = open(args.folder)
    person, name = _whose(args, production)
    named(name, texts)
    if args.erase:
        print(f"Erased: {count(watched.erase(production, person), 'thing')} that {plain(name)} had watched or looked at.")
        return 0
    if args.allow or args.no_allow:
        watched.allow(production, person, args.allow)
    if args.sheet:
        watched.mark(production, person, _sheet(production, args.sheet), "looked")
    listed, may = watched.listed(production, person), watched.allowed(production, person)
    if args.json:
        print_json({"person": name, "allowed": may, "watched": [{"thing": one.thing, "kind": one.kind, "at": one.at} for one in listed]})
        return 0
    if listed:
        print(plain(f"{name} played or looked at:"))
    table([("what", "how", "when"), *((one.thing.partition("@")[0], one.kind, day(one.at)) for one in listed)] if listed else [])
    if not listed:
        print(texts["watched"]["nothing"])
    print(texts["watched"]["allowed" if may else "kept"])
    return 0


def _whose(args: argparse.Namespace, production: Production) -> tuple[str, str]:
    """The person at this computer: by name, or because one of their keys is here. No passphrase is needed for one's own list."""
    from answerprint.ledger.signer import own_keys
    from answerprint.production import ProductionError

    crew = signing.book(production)
    if args.who:
        person = crew.person(args.who)
        return person.id, person.name
    here = {one.id: one for key in own_keys() if (one := crew.of_key(key.key_id)) is not None}
    if len(here) != 1:
        among = ", ".join(one.name for one in (here or crew.people).values())
        raise ProductionError(f"whose? Say it with --who: {among or 'nobody is on the crew yet'}.")
    (one,) = here.values()
    return one.id, one.name


def _sheet(production: Production, version: str) -> str:
    """The contact sheet of a version as it is cut now."""
    from answerprint import watched
    from answerprint.desk import Desk, DeskError

    desk = Desk(production)
    name = desk.family[version].name
    cut = desk.cuts.get(name)
    if cut is None:
        raise DeskError(f"{name} has no cut that can be read yet, so it has no contact sheet. Put its cut into cuts/ and name it in versions.csv.")
    return watched.sheet(name, cut.seal)
