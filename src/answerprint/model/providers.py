"""What is asked of an AI or a stock service, and what comes back: records that hold no key, and the shape of a provider.

What a job costs is an entry of the kind "bill" (model/bills.py), with its estimate before and its bill after; there is no second one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from answerprint.model.records import AnswerprintError, ModelError, canonical, to_plain

__all__ = [
    "CARRIES", "KINDS", "Adapter", "Attached", "Came", "Cancel", "Carry", "Kind", "Offer", "Price", "Provider", "ProviderError", "Request", "Response", "Setup", "Tariff",
    "Traffic", "never",
]  # fmt: skip

Kind = Literal["words", "pictures", "video", "stock"]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: What of a production a request can carry, from what was invented for it to what was shot. Each leaves by a producer's signature alone.
Carry = Literal["words of the brief", "client documents", "transcript", "library pictures", "frames", "rushes"]
CARRIES: tuple[Carry, ...] = get_args(Carry)
Cancel = Callable[[], bool]
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,99}")
_KEYRING = re.compile(r"keyring:[\w.@-]{1,100}/[\w.@-]{1,100}")
#: How long each wait may last where nothing is given. A model of one's own writes 3000 tokens at 5 to 15 a second on a laptop, and tells nothing before it is done.
_TIMEOUT_S, _TIMEOUT_HERE_S = 120, 900
_HERE = re.compile(r"https?://(localhost|127\.[0-9.]+|\[::1\])(:\d+)?(/|$)")
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,6})?")


def never() -> bool:
    """Nobody stops it."""
    return False


class ProviderError(AnswerprintError):
    """A service that was not asked, or did not answer as it should: which one, what happened, what to do."""

    perhaps_billed: bool = False  #: whether the whole request was with the service when it went wrong


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file that goes along. What it is, is looked up by its bytes before it leaves; what nobody knows counts as shot."""

    name: str
    data: bytes = field(repr=False)
    media_type: str  #: "image/png", "video/mp4", "text/plain"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked. The same request has the same seal, whoever asks it and with whichever key."""

    kind: Kind
    words: str  #: what is asked, or searched for
    manner: str = ""  #: how to answer; the "system" part, where a service has one
    attached: tuple[Attached, ...] = ()
    carries: tuple[Carry, ...] = ()  #: what of the production is in it; empty: nothing of the shoot
    count: int = 1  #: answers, pictures or hits that are wanted
    width: int | None = None  #: pixels
    height: int | None = None
    frames: int | None = None  #: of a video
    rate: Fraction | None = None  #: frames a second of a video
    seed: int | None = None
    most_tokens: int = 1024  #: of an answer in words
    schema: Mapping[str, Any] | None = None  #: JSON Schema that an answer in words has to keep to
    parameters: Mapping[str, str | int | bool] = field(default_factory=dict)  #: the service's own, decimals as text: {"temperature": "0.7"}

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ModelError(f"{self.kind!r} is nothing that a provider is asked for. There are: {', '.join(KINDS)}.")
        if not self.words.strip():
            raise ModelError("a request says what it asks for, and this one is empty.")
        for one in self.carries:
            if one not in CARRIES:
                raise ModelError(f"{one!r} is nothing that a request carries. There are: {', '.join(CARRIES)}.")
        if self.count < 1 or self.most_tokens < 1:
            raise ModelError("a request asks for one answer at least, of one token at least.")

    def plain(self) -> dict[str, Any]:
        """It whole, its files by their seals."""
        out = {name: to_plain(getattr(self, name)) for name in self.__dataclass_fields__ if name not in ("attached", "schema")}
        out["attached"] = [{"name": one.name, "media_type": one.media_type, "seal": _sha256(one.data), "bytes": len(one.data)} for one in self.attached]
        out["schema"] = None if self.schema is None else _sha256(json.dumps(self.schema, sort_keys=True).encode())
        return out

    @property
    def digest(self) -> str:
        """Its seal: sha256 over everything in it."""
        return _sha256(canonical(self.plain()))

    @property
    def question(self) -> str:
        """The same over everything that a service hears: papers that were written since, in which its words stand too, make it no other question."""
        return _sha256(canonical({name: value for name, value in self.plain().items() if name != "carries"}))


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a request will cost at most, told before it is asked."""

    amount: Decimal | None  #: None: not known
    currency: str = ""  #: ISO 4217; "" where nothing is charged or nothing is known
    how: str = ""  #: "412 tokens in, 1024 out at most, by the price list of 2026-10-01"

    @property
    def words(self) -> str:
        """As people read it."""
        if self.amount is None:
            return "price not known"
        return f"{self.amount.normalize():f} {self.currency}".strip() if self.amount else "free"


@dataclass(frozen=True, kw_only=True)
class Came:
    """A file that an answer holds."""

    name: str
    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Something that a stock service has: where it lies, who made it, under which licence."""

    name: str
    page: str  #: where people look at it
    address: str  #: of the file itself
    author: str
    width: int
    height: int
    duration_s: Fraction | None = None  #: of a clip
    says: str = ""  #: the service's own description
    licence: str = ""
    preview: str = ""  #: address of a small picture of it; "" where there is none


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back."""

    model: str
    texts: tuple[str, ...] = ()
    files: tuple[Came, ...] = ()
    offers: tuple[Offer, ...] = ()
    whole: bool = True  #: False: an answer stops where the limit was
    used: Mapping[str, int] = field(default_factory=dict)  #: tokens in and out, pictures: as the service counted
    billed: Price | None = None  #: by what the service counted and the price list; None: not known
    seed: int | None = None
    parameters: Mapping[str, str | int | bool] = field(default_factory=dict)  #: what it was made with, as far as the service says
    terms: str = ""  #: under which terms, as the settings name them
    rights: tuple[Mapping[str, str], ...] = ()  #: rows of a list of rights that speak of its file as somebody wrote them, by column
    notes: tuple[str, ...] = ()  #: what a person wants to know of it, a sentence each: words that a model did not read


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """One exchange over a wire: how much went out and came in."""

    host: str  #: "api.openai.com:443"
    what: str  #: "POST /v1/chat/completions"
    sent: int  #: bytes of the exchange itself; a locked line adds its own
    received: int


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """A price list as somebody wrote it down on a day. What is not in it is not known."""

    currency: str = ""
    dated: str = ""  #: the day: 2026-10-01
    free: bool = False  #: nothing is charged: a model on one's own machine, a free library
    million_in: Decimal | None = None  #: for a million tokens of the question
    million_out: Decimal | None = None
    picture_in: Decimal | None = None  #: for each picture that goes along
    picture: Decimal | None = None  #: for each that is made
    second: Decimal | None = None  #: of video
    call: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Setup:
    """One provider of the user's own settings: [providers.NAME]. It names where a key lies, and never holds one."""

    name: str
    uses: str  #: which adapter: "openai-chat"
    address: str = ""  #: where it is asked; "" for what runs in this process
    model: str = ""
    folder: Path | None = None  #: of a model on disk
    workflow: Path | None = None  #: of ComfyUI, saved in its API format
    kind: Kind | None = None  #: where an adapter serves two
    key: str = ""  #: the name of an environment variable, or keyring:SERVICE/USER
    also: tuple[str, ...] = ()  #: further hosts that its files are fetched from, without the key
    timeout_s: int = 120  #: for each wait on the wire; where nothing is given, longer for a server on this machine
    terms: str = ""  #: the terms it is used under, with their day
    tariff: Tariff = Tariff()
    parameters: Mapping[str, str | int | bool] = field(default_factory=dict)

    @classmethod
    def read(cls, name: str, table: Any) -> Setup:
        """One table of the settings.

        Raises: ModelError: a field that is none or of another kind; never with what stood in `key`.
        """
        where = f"[providers.{name}]"
        if not _NAME.fullmatch(name) or not isinstance(table, Mapping):
            raise ModelError(f"{where}: a provider is a table of its own, under a name of small letters, digits, dots and hyphens.")
        if unknown := sorted(set(table) - (set(cls.__dataclass_fields__) - {"name", "tariff"}) - {"price"}):
            raise ModelError(f"{where}: there is no {unknown[0]!r}. There are: {', '.join(sorted((set(cls.__dataclass_fields__) - {'name', 'tariff'}) | {'price'}))}.")
        for one in ("uses", "address", "model", "folder", "workflow", "key", "terms"):
            if not isinstance(table.get(one, ""), str):
                raise ModelError(f"{where}: {one} is a text, in quotes.")
        if not table.get("uses"):
            raise ModelError(f'{where}: it does not say which adapter it uses: uses = "openai-chat"')
        if (key := table.get("key", "")) and not _VARIABLE.fullmatch(key) and not _KEYRING.fullmatch(key):
            raise ModelError(f'{where}: key names where the key lies, and is never the key itself: key = "OPENAI_API_KEY" or key = "keyring:answerprint/{name}". Take it out of this file; if it was a key, have it replaced.')
        if table.get("kind") not in (None, *KINDS):
            raise ModelError(f"{where}: kind is one of {', '.join(KINDS)}.")
        timeout = table.get("timeout_s", _TIMEOUT_HERE_S if _HERE.match(table.get("address", "")) else _TIMEOUT_S)
        if type(timeout) is not int or not 1 <= timeout <= 3600:
            raise ModelError(f"{where}: timeout_s is a whole number of seconds from 1 to 3600.")
        also = table.get("also", [])
        if not isinstance(also, list) or not all(isinstance(host, str) for host in also):
            raise ModelError(f'{where}: also is a list of hosts, each in quotes: also = ["images.pexels.com"]')
        parameters = table.get("parameters", {})
        if not isinstance(parameters, Mapping) or not all(type(value) in (str, int, bool) for value in parameters.values()):
            raise ModelError(f'{where}: parameters are texts, whole numbers, true or false; a decimal is a text: temperature = "0.7"')
        return cls(
            name=name, uses=table["uses"], address=table.get("address", "").rstrip("/"), model=table.get("model", ""), key=key, also=tuple(also), timeout_s=timeout,
            folder=Path(table["folder"]).expanduser() if table.get("folder") else None, workflow=Path(table["workflow"]).expanduser() if table.get("workflow") else None,
            kind=table.get("kind"), terms=table.get("terms", ""), tariff=_tariff(where, table.get("price", {})), parameters=dict(parameters),
        )  # fmt: skip


def _tariff(where: str, table: Any) -> Tariff:
    """Raises: ModelError: no price list, or one without a day."""
    fields = Tariff.__dataclass_fields__
    if not isinstance(table, Mapping) or set(table) - set(fields):
        raise ModelError(f"{where}: price is a table of {', '.join(fields)}.")
    if not table:
        return Tariff()
    free = table.get("free", False)
    if type(free) is not bool:
        raise ModelError(f"{where}: price.free is true or false.")
    amounts = {name: value for name, value in table.items() if name not in ("currency", "dated", "free")}
    if free and amounts:
        raise ModelError(f"{where}: what is free has no amounts in its price list.")
    for name, value in amounts.items():
        if not isinstance(value, (str, int)) or isinstance(value, bool) or not _AMOUNT.fullmatch(str(value)):
            raise ModelError(f'{where}: price.{name} is an amount, in quotes: {name} = "2.50"')
    currency, dated = table.get("currency", ""), str(table.get("dated", ""))
    if amounts and (not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency)):
        raise ModelError(f'{where}: a price list has its currency: currency = "USD"')
    if amounts and not re.fullmatch(r"\d{4}-\d\d-\d\d", dated):
        raise ModelError(f"{where}: a price list has its day, since prices change: dated = 2026-10-01")
    try:
        return Tariff(currency=currency, dated=dated, free=free, **{name: Decimal(str(value)) for name, value in amounts.items()})
    except InvalidOperation as cause:
        raise ModelError(f"{where}: that price list has an amount that is none.") from cause


class Provider(Protocol):
    """A service as it is set up here. `traffic` grows with each exchange, also with one that fails."""

    @property
    def name(self) -> str:
        """As the settings call it."""

    @property
    def kind(self) -> Kind:
        """What it is asked for."""

    @property
    def address(self) -> str:
        """Where it is; "" for what runs in this process, from which nothing leaves."""

    @property
    def traffic(self) -> Sequence[Traffic]:
        """Every exchange so far."""

    def price(self, request: Request) -> Price:
        """What this request costs at most. Nothing is sent for it."""

    def call(self, request: Request, *, cancel: Cancel) -> Response:
        """Ask.  Raises: ProviderError."""

    def test(self, cancel: Cancel) -> tuple[str, ...]:
        """Whether it is there and takes the key, in sentences; nothing of a production is sent and nothing is made.  Raises: ProviderError."""


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """What a file of providers/ offers under the name `provider`: how a service of that sort is opened."""

    name: str  #: as `uses` says it
    kinds: tuple[Kind, ...]
    opens: Callable[[Setup], Provider]
    says: str = ""
    address: str | None = ""  #: where it is asked where the settings name nothing; None: it runs in this process, and nothing leaves


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
