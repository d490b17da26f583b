"""What a file says about itself, and whether a production's record says the same."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands, here
from answerprint.cli.printing import plain, print_json

if TYPE_CHECKING:
    from answerprint.agreeing import Against
    from answerprint.delivery.credentials import Said

__all__ = ["add"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("credentials", _credentials, folder=False)
    one.add_argument("file", metavar="FILE", help="any film, sound or still")
    one.add_argument("--beside", metavar="SIDECAR", type=Path, help="credentials that lie beside it; FILE.c2pa is found by itself")
    one.add_argument(
        "--trust", metavar="LIST", type=Path, help="certificates (PEM) that you trust, where your own settings name none"
    )
    one.add_argument(
        "--in",
        dest="folder",
        metavar="FOLDER",
        help="the production whose record it is held against; the one you stand in where not given",
    )


def _credentials(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.delivery.credentials.reading import read
    from answerprint.model.records import to_plain

    said = read(Path(args.file), args.beside, trust_list=args.trust or _trusted())
    held = _held(args, said)
    if args.json:
        print_json({**to_plain(said), "record": to_plain(held) if held else None})
    else:
        _print(said, held, texts["credentials"])
    return 1 if said.state in ("broken", "none") or (held and held.disagrees) else 0


def _trusted() -> Path | None:
    """The list in the user's own settings; a production names none."""
    from answerprint.config import load

    named = load(None)["trust_list"]
    return Path(named).expanduser() if named else None


def _held(args: argparse.Namespace, said: Said) -> Against | None:
    """The file held against the record of the production that is meant, if there is one."""
    folder = Path(here(args.folder))
    if not args.folder and not (folder / "answerprint.toml").is_file():
        return None
    from answerprint.agreeing import against
    from answerprint.desk import Desk
    from answerprint.production import open

    return against(Desk(open(folder)), Path(args.file), said)


def _print(said: Said, held: Against | None, says: dict[str, str]) -> None:
    print(plain(says["title"].format(file=said.file)))
    for line in said.sentences:
        print(plain(f"  {line}"))
    if held is None:
        print(says["unheld"])
    elif held.disagrees:
        print(says["disagrees"])
        for line in held.disagrees:
            print(plain(f"  {line}"))
    else:
        print(plain(says["agrees"].format(film=held.film, entry=held.entry)))
