"""What is set up in the user's own settings and what each service lacks, without asking any of them; and what has left so far, by service and permission."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from answerprint.calling import own
from answerprint.config import Settings
from answerprint.model.providers import CARRIES, Adapter, Carry, Kind, ProviderError, Setup, Tariff
from answerprint.providers.wire import here

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Left", "There", "left", "offline", "there"]

_KEYRING = "keyring:"
_WAIT_S = 0.3  #: for a server on this machine to take a line: it does at once, or is not there


@dataclass(frozen=True, kw_only=True)
class There:
    """A service as it is set up."""

    name: str
    uses: str  #: its adapter
    kind: Kind | None  #: None: its adapter is not known here
    address: str  #: "" where it runs in this process, or where nobody says
    model: str
    price: str  #: "free", "by the price list of 2026-10-01", "price not known"
    lacking: str = ""  #: what it lacks, in a sentence; "" where nothing is known to be lacking
    leaves: bool = True  #: whether anything leaves for it; then it needs a producer's leave
    key: str = ""  #: where its key lies: "OPENAI_API_KEY", "keyring:answerprint/writer"


@dataclass(frozen=True, kw_only=True)
class Left:
    """What went to one service at one address under one permission, out of the record."""

    provider: str
    at: str  #: "" for what runs on this machine
    kind: str
    carries: tuple[Carry, ...]  #: what of the shoot was in it; empty: nothing of the shoot
    questions: int  #: that were asked
    failed: int  #: of them, those that were not answered as they should be
    unknown: int  #: of them, those that broke off before the record learned what left
    sent: int  #: bytes
    received: int


def there(settings: Settings, *, load_outside: bool = False) -> tuple[There, ...]:
    """Every service of the settings, in their order, and one's own library. None is asked, and no keyring is opened; a server on this machine is only looked for.

    Args: load_outside: whether other packages' adapters count; never in the process that runs the room or unlocks a key.
    """
    known = own.adapters(load_outside=load_outside)
    out = []
    for name, setup in own.setups(settings).items():
        adapter: Adapter | None = known.get(setup.uses)
        local = adapter is not None and adapter.address is None
        address = "" if local else setup.address or ((adapter.address or "") if adapter is not None else "")
        kind = setup.kind if adapter is None or setup.kind in adapter.kinds else adapter.kinds[0]
        lacking = _lacking(setup, adapter, known) or ("" if local else _away(address))
        price = "free" if local or setup.tariff.free or setup.uses == "pexels" else _priced(setup.tariff)
        out.append(There(name=name, uses=setup.uses, kind=kind, address=address, model=setup.model or (setup.folder.name if setup.folder else "") or (f"{own.shots()} shots" if setup.uses == own.NAME else ""), price=price, lacking=lacking, leaves=not local, key=setup.key))
    return tuple(out)


def _priced(tariff: Tariff) -> str:
    return f"by the price list of {tariff.dated}" if tariff.currency else "price not known"


def _lacking(setup: Setup, adapter: Adapter | None, known: Mapping[str, Adapter]) -> str:
    """What keeps it from being opened, in a sentence."""
    if adapter is None:
        return f"its adapter {setup.uses!r} is not of this house: another package brings it, or nobody does. There are: {', '.join(known)}."
    if setup.key.startswith(_KEYRING):
        if importlib.util.find_spec("keyring") is None:
            return 'its key lies in the system keyring, which is read with: pip install "answerprint[providers]"'
        return ""  # opening a keyring may ask somebody for a password: it is opened when the service is asked
    try:
        ready = adapter.opens(setup)
        says: Any = getattr(ready, "lacking", None)
        return says() if says is not None else ""
    except ProviderError as error:
        return str(error).removeprefix(f"{setup.name}: ")


def _away(address: str) -> str:
    """Why nothing can be heard of an address now, as far as this machine knows by itself."""
    parts = urlsplit(address)
    if not parts.hostname:
        return ""
    if not here(parts.hostname):
        return f"this machine is offline: there is no way out of it now, to {parts.hostname} or anywhere." if offline() else ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname, port), timeout=_WAIT_S).close()
    except (OSError, ValueError):
        return f"offline: nobody answers at {parts.netloc}. Start its server on this machine."
    return ""


def offline(routes: Path = Path("/proc/net")) -> bool:
    """Whether this machine has no way out; nothing is sent for it. A way out may still lead nowhere.

    Args: routes: where the system tells them, on Linux; elsewhere the system is asked for the way to an address that nobody has (RFC 5737).
    """
    four, six = routes / "route", routes / "ipv6_route"
    if four.is_file():
        lines = [line.split() for line in four.read_text().splitlines()[1:]]
        ways = any(len(one) > 7 and one[1] == "00000000" and one[7] == "00000000" and one[0] != "lo" for one in lines)
        lines = [line.split() for line in six.read_text().splitlines()] if six.is_file() else []
        return not ways and not any(len(one) > 9 and one[0] == "0" * 32 and one[1] == "00" and one[9] != "lo" for one in lines)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))  # of a datagram: a way is looked up, and nothing goes there
        except OSError:
            return True
    return False


def left(production: Production) -> tuple[Left, ...]:
    """What left so far, each service and permission on its own, in the order of their first question."""
    record = production.reader()
    if record is None:
        return ()
    with record:
        bodies = [(entry.n, body) for entry in record.entries(kind="proposal") if (body := entry.read()) is not None and body.get("schema") == 1]
    ends = {body.get("question"): body for _, body in bodies if body.get("what") == "call"}
    out: dict[tuple[str, str, str, tuple[Carry, ...]], Left] = {}
    for n, body in bodies:
        if body.get("what") != "question":
            continue
        carries = tuple(one for one in CARRIES if one in body.get("carries", ()))
        place = (str(body.get("provider", "")), str(body.get("at", "")), str(body.get("provides", "")), carries)
        now = out.setdefault(place, Left(provider=place[0], at=place[1], kind=place[2], carries=carries, questions=0, failed=0, unknown=0, sent=0, received=0))
        end = ends.get(n)
        traffic = end.get("traffic", ()) if end is not None else ()
        out[place] = replace(
            now, questions=now.questions + 1, failed=now.failed + (end is not None and end.get("outcome") != "answered"), unknown=now.unknown + (end is None),
            sent=now.sent + sum(int(one["sent"]) for one in traffic), received=now.received + sum(int(one["received"]) for one in traffic),
        )  # fmt: skip
    return tuple(out.values())
