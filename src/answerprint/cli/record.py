"""Commands over the record: check it, read it, give it away."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import count, plain, print_json, table

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("verify", _verify)
    one.add_argument("--producer", metavar="KEY", help="a producer's key as they told it to you: SHA256:..., or their .pub file")
    one.add_argument("--checkpoint", type=Path, metavar="FILE", help="a checkpoint that somebody kept: shows a cut-off end")
    one.add_argument(
        "--held",
        action="append",
        default=[],
        metavar="N:SEAL",
        help="an entry's number and seal that you noted earlier: shows a cut-off end",
    )
    command("record", _record)


def _verify(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.production import open

    found = open(args.folder).verify(held=[_held(text) for text in args.held], **_known_from_outside(args))
    if args.json:
        print_json(found)
    else:
        for finding in found["findings"]:
            print(plain(f"entry {finding['entry']}: {finding['says']}" if finding["entry"] else finding["says"]))
        print(f"{count(len(found['findings']), 'finding')}." if found["findings"] else "Nothing wrong found.")
        print(
            f"{count(found['entries'], 'entry', 'entries')}, {found['kept']} kept files as the record names them. {found['says']}"
        )
        if found["began"]:
            print(plain(f"{count(found['signed'], 'signed entry', 'signed entries')}. {found['began']}"))
        for note in found["notes"]:
            print(plain(note))
        if found["head"]:
            print(f"The last seal, to note and to hold against it later: {found['entries']}:{found['head']}")
    return 1 if found["findings"] else 0


def _known_from_outside(args: argparse.Namespace) -> dict[str, Any]:
    """What the reader brings along: a producer's key, a checkpoint."""
    from answerprint.production import ProductionError

    try:
        producer = args.producer
        if producer and Path(producer).is_file():
            producer = Path(producer).read_text(encoding="utf-8", errors="replace")
        return {"producer": producer, "checkpoint": args.checkpoint.read_bytes() if args.checkpoint else None}
    except OSError as cause:
        raise ProductionError(f"{cause.filename}: it cannot be read ({cause.strerror}).") from cause


def _held(text: str) -> tuple[int, str]:
    from answerprint.production import ProductionError

    number, _, seal = text.partition(":")
    if not number.isdigit() or not seal:
        raise ProductionError(
            f"--held {text}: write the entry's number, a colon and its seal, as `answerprint verify` prints them."
        )
    return int(number), seal


def _record(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.production import open

    entries = open(args.folder).record()
    if args.json:
        print_json(entries)
        return 0
    rows = [("entry", "when", "what", "on")]
    for entry in entries:
        body = entry["body"] or {}
        rows.append(
            (
                str(entry["n"]),
                entry["at"],
                body.get("task", entry["kind"]),
                body.get("file", "withheld" if entry["body"] is None else ""),
            )
        )
    table(rows)
    return 0
