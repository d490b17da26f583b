"""The services that may be asked: which are set up here, and whether one of them is there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from answerprint.cli.parsing import Commands
from answerprint.cli.printing import plain, print_json, table

if TYPE_CHECKING:
    from answerprint.calling import There

__all__ = ["add"]


def add(command: Commands) -> None:
    """The command of this page."""
    one = command("providers", _providers, folder=False)
    one.add_argument("what", nargs="?", choices=("test",), help="ask one of them whether it is there; nothing of a production is sent")
    one.add_argument("name", nargs="?", metavar="NAME", help="of the one to test")


def _providers(args: argparse.Namespace, texts: dict[str, Any]) -> int:
    from answerprint import calling, config

    settings = config.load(None)
    if args.what:
        if not args.name:
            raise calling.CallError(f"which one? Name it: answerprint providers test NAME. There are: {', '.join(calling.setups(settings)) or 'none'}.")
        return _test(args, settings)
    rows = [_row(one) for one in calling.there(settings, load_outside=True)]
    known = calling.adapters(load_outside=True)
    if args.json:
        print_json({"providers": rows, "adapters": [{"name": one.name, "kinds": list(one.kinds), "says": one.says} for one in known.values()], "file": str(config.user_file())})
        return 0
    says = texts["providers"]
    if rows:
        table([(one["name"], one["kind"], one["model"], one["address"] or says["here"], one["price"], one["state"]) for one in rows])
    else:
        print(says["none"])
    print("\n" + plain(says["file"].format(file=config.user_file())))
    table([(f"  {one.name}", one.says) for one in known.values()])
    return 0


def _row(one: There) -> dict[str, str]:
    """One service as it is set up, with what is lacking; nothing is asked."""
    return {"name": one.name, "uses": one.uses, "kind": one.kind or "", "model": one.model, "address": one.address, "price": one.price, "state": one.lacking or "set up"}


def _test(args: argparse.Namespace, settings: Any) -> int:
    """Whether a service answers and takes its key."""
    from answerprint import calling
    from answerprint.model.providers import never

    ready = calling.opened(settings, args.name, load_outside=True)
    said = ready.test(never)
    traffic = [{"host": one.host, "what": one.what, "sent": one.sent, "received": one.received} for one in ready.traffic]
    if args.json:
        print_json({"name": ready.name, "says": list(said), "traffic": traffic})
        return 0
    for line in said:
        print(plain(line))
    print(plain(f"{sum(one.sent for one in ready.traffic)} bytes went to {', '.join(dict.fromkeys(one.host for one in ready.traffic)) or 'nobody'}, and nothing of a production was among them."))
    return 0
