"""Who gets in: one-time links, invitations, sessions of twelve hours, client links. A session never signs anything by itself.

Secrets are kept as their SHA-256 only, in `.answerprint/doors.json`, so that whoever reads the folder cannot come in with what lies there;
sessions live in memory and end with the room.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from answerprint.keep import write_whole
from answerprint.model.judgments import Key
from answerprint.model.records import from_plain, to_plain
from answerprint.room.guard import secret

__all__ = ["SESSION_S", "Doors", "Guest", "Invitation", "Link", "Waiting", "cookie_of"]

SESSION_S = 12 * 3600
SETUP_S = 3600  #: how long the link that the terminal prints is good for


def cookie_of(origin: str) -> str:
    """What a session's cookie is called: two rooms on one machine share its name and not its port, so each has its own."""
    port = origin.rpartition(":")[2]
    return "answerprint" if port == "8484" or not port.isdigit() else f"answerprint-{port}"



@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody with a session. `person` is None until they have a key in the record."""

    session: str
    form: str  #: what every change has to carry
    kind: Literal["crew", "client"]
    person: str | None = None
    name: str = ""
    invitation: str | None = None  #: the one by which they came, until they have enrolled
    link: str | None = None  #: a client's: the only thing they may see
    ends: float = 0.0
    here: bool = False  #: they came by the link that the terminal printed: they sit at the machine that runs the room


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A seat that is offered once."""

    id: str
    seal: str
    name: str
    roles: tuple[str, ...]
    by: str  #: the person who invited
    ends: float
    used: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """A client's link to one version of one round."""

    id: str
    seal: str
    round: int
    version: str
    contact: str
    ends: float
    code: str = ""  #: SHA-256 of the code that was mailed for an approval
    revoked: bool = False


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Somebody with a new passkey whom a producer has still to sign in. Nothing of it is secret."""

    invitation: str
    name: str
    roles: tuple[str, ...]
    key: Key
    key_id: str


class Doors:
    """Sessions, invitations and links of one room. Safe from any thread."""

    def __init__(self, place: Path) -> None:
        self._place, self._lock = place, threading.Lock()
        self._sessions: dict[str, Guest] = {}
        self._setup: tuple[str, float] | None = None
        self._invitations: dict[str, Invitation] = {}
        self._links: dict[str, Link] = {}
        self._waiting: dict[str, Waiting] = {}
        self._load()

    # ---- the terminal's own link

    def setup_link(self) -> str:
        """A secret for whoever started the room; good once, for an hour. An earlier one stops."""
        token = secret()
        with self._lock:
            self._setup = (_seal(token), time.time() + SETUP_S)
        return token

    def use_setup(self, token: str) -> Guest | None:
        """A session for whoever brings it; None where it is not the one, used or too old."""
        with self._lock:
            held, self._setup = self._setup, None if self._setup and hmac.compare_digest(self._setup[0], _seal(token)) else self._setup
            if held is None or self._setup is not None or held[1] < time.time():
                return None
            return self._open(Guest(session="", form="", kind="crew", here=True))

    def known(self, person: str, name: str) -> Guest:
        """A session for somebody of the crew who showed their key at the door."""
        with self._lock:
            return self._open(Guest(session="", form="", kind="crew", person=person, name=name))

    # ---- invitations

    def invite(self, name: str, roles: tuple[str, ...], by: str, *, days: float = 7) -> tuple[Invitation, str]:
        """Offer a seat: (the invitation, its secret, which is shown once)."""
        token = secret()
        made = Invitation(id=secret()[:12], seal=_seal(token), name=name, roles=roles, by=by, ends=time.time() + days * 86400)
        with self._lock:
            self._invitations[made.id] = made
            self._save()
        return made, token

    def use_invitation(self, token: str) -> Guest | None:
        """A session for whoever brings an invitation that nobody used."""
        with self._lock:
            for made in self._invitations.values():
                if hmac.compare_digest(made.seal, _seal(token)):
                    if made.used or made.ends < time.time():
                        return None
                    self._invitations[made.id] = replace(made, used=True)
                    self._save()
                    return self._open(Guest(session="", form="", kind="crew", name=made.name, invitation=made.id))
        return None

    def invitation(self, id: str) -> Invitation | None:
        return self._invitations.get(id)

    @property
    def invitations(self) -> list[Invitation]:
        return list(self._invitations.values())

    def wait(self, guest: Guest, *, name: str, roles: tuple[str, ...], key: Key, key_id: str) -> None:
        """Keep a new passkey until a producer signs its owner in."""
        with self._lock:
            of = guest.invitation or ""
            self._waiting[of] = Waiting(invitation=of, name=name, roles=roles, key=key, key_id=key_id)
            self._save()

    def waiting_of(self, guest: Guest) -> Waiting | None:
        return self._waiting.get(guest.invitation or "")

    def arrived(self, guest: Guest) -> None:
        """They were signed in."""
        with self._lock:
            self._waiting.pop(guest.invitation or "", None)
            self._save()

    @property
    def waiting(self) -> list[Waiting]:
        """Everybody whom a producer has still to sign in, in the order in which they came."""
        return list(self._waiting.values())

    # ---- clients

    def give_link(self, *, round: int, version: str, contact: str, days: float, code: str = "") -> tuple[Link, str]:
        """A link to one version: (the link, its secret, which is shown once)."""
        token = secret()
        made = Link(id=secret()[:12], seal=_seal(token), round=round, version=version, contact=contact, ends=time.time() + days * 86400,
                    code=_seal(code) if code else "")  # fmt: skip
        with self._lock:
            self._links[made.id] = made
            self._save()
        return made, token

    def use_link(self, token: str) -> Guest | None:
        """A client's session; the secret is exchanged for it and never travels again."""
        with self._lock:
            for made in self._links.values():
                if hmac.compare_digest(made.seal, _seal(token)) and not made.revoked and made.ends > time.time():
                    return self._open(Guest(session="", form="", kind="client", name=made.contact, link=made.id))
        return None

    def link(self, id: str | None) -> Link | None:
        """A link that still opens; None for one that was revoked or has ended."""
        made = self._links.get(id or "")
        return made if made and not made.revoked and made.ends > time.time() else None

    @property
    def links(self) -> list[Link]:
        return list(self._links.values())

    def revoke_link(self, id: str) -> None:
        """End a link and every session that came by it."""
        with self._lock:
            if id in self._links:
                self._links[id] = replace(self._links[id], revoked=True)
                self._sessions = {seal: guest for seal, guest in self._sessions.items() if guest.link != id}
                self._save()

    def code_fits(self, link: Link, code: str) -> bool:
        return bool(link.code) and hmac.compare_digest(link.code, _seal(code.strip()))

    # ---- sessions

    def guest(self, cookie: str | None) -> Guest | None:
        """Whose session this cookie is; None for none, or one that has ended."""
        with self._lock:
            found = self._sessions.get(_seal(cookie or ""))
            if found is None or found.ends < time.time():
                return None
            if found.kind == "client" and self.link(found.link) is None:
                return None
            return replace(found, session=cookie or "")

    def is_person(self, guest: Guest, person: str, name: str) -> Guest:
        """The same session, now that somebody showed whose key they hold."""
        with self._lock:
            known = replace(guest, person=person, name=name, invitation=None)
            self._sessions[_seal(guest.session)] = replace(known, session="")
            return known

    def leave(self, guest: Guest) -> None:
        with self._lock:
            self._sessions.pop(_seal(guest.session), None)

    def _open(self, guest: Guest) -> Guest:
        now = time.time()
        self._sessions = {seal: one for seal, one in self._sessions.items() if one.ends > now}
        opened = replace(guest, session=secret(), form=secret(), ends=now + SESSION_S)
        self._sessions[_seal(opened.session)] = replace(opened, session="")
        return opened

    # ---- on disk

    def _load(self) -> None:
        try:
            plain = json.loads(self._place.read_bytes())
            self._invitations = {one["id"]: Invitation(**{**one, "roles": tuple(one["roles"])}) for one in plain["invitations"]}
            self._links = {one["id"]: Link(**one) for one in plain["links"]}
            self._waiting = {one["invitation"]: from_plain(Waiting, one) for one in plain.get("waiting", [])}
        except (OSError, ValueError, KeyError, TypeError):
            return

    def _save(self) -> None:
        plain: Mapping[str, Any] = {
            "invitations": [asdict(one) for one in self._invitations.values()],
            "links": [asdict(one) for one in self._links.values()],
            "waiting": [to_plain(one) for one in self._waiting.values()],
        }
        write_whole(self._place, json.dumps(plain, indent=1).encode("utf-8"))


def _seal(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
