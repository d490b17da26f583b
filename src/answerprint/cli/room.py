"""The command that opens the review room."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain

__all__ = ["add"]


def add(command: Commands) -> None:
    """The commands of this page."""
    one = command("room", _room, as_json=False)
    one.add_argument("--port", type=int, default=8484, metavar="N", help="where on this machine; 8484 where not given")
    one.add_argument("--no-browser", action="store_true", help="only print the address")
    one.add_argument("--host", metavar="ADDRESS", help="also for the network, at this address; needs --name and --certificate")
    one.add_argument("--name", metavar="NAME", help="the room's real name on the network: room.example.com")
    one.add_argument("--certificate", type=Path, metavar="FILE", help="a certificate for that name, PEM")
    one.add_argument("--certificate-key", type=Path, metavar="FILE", help="its key, where it is not in the same file")


def _room(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint.room.server import Address, Served, serve

    def tell(served: Served) -> None:
        print(texts["room"]["open"].format(title=plain(served.room.house.title), origin=served.origin, link=served.link), flush=True)

    address = Address(port=args.port, host=args.host, name=args.name, certificate=args.certificate, key=args.certificate_key)
    serve(Path(args.folder), address, browser=not args.no_browser, tell=tell)
    print(texts["room"]["closed"])
    return 0
