"""Whether the same question was asked before: of the same service, at the same address, with the same model behind it, for the same item.

What makes an answer a model's own is read in the user's own settings: the model's name, a workflow's bytes, what lies in a model folder. An older
question says nothing of its model; there the answer does.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from answerprint.calling import own
from answerprint.calling.permission import CallError
from answerprint.config import Settings
from answerprint.model.providers import Provider, Request, Setup
from answerprint.model.records import canonical
from answerprint.run import locked

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["Before", "alone", "asked_before", "made_by"]


@dataclass(frozen=True, kw_only=True)
class Before:
    """What the record knows of a question."""

    answer: int | None = None  #: the entry that answers it, the newest; then nobody has to be asked
    open: int | None = None  #: the entry of the same question whose answer is not known, and which may have been charged
    by: str = ""  #: who asked then; "" where the record does not say


def asked_before(production: Production, provider: Provider, request: Request, *, for_item: int | None = None) -> Before:
    """What the record knows of the same question. A record that was written before questions named their model is read by what answered."""
    record = production.reader()
    if record is None:
        return Before()
    with record:
        bodies = [(entry.n, body) for entry in record.entries(kind="proposal") if (body := entry.read()) is not None and body.get("schema") == 1]
    ends = {one.get("question"): (n, one) for n, one in bodies if one.get("what") == "call"}
    setup, model = _setup(production.settings, provider.name), made_by(production.settings, provider.name)
    seals, wanted = {request.digest, request.question}, (provider.name, provider.address, for_item)
    same = [
        (n, one) for n, one in bodies
        if one.get("what") == "question" and seals & {one.get("seal"), one.get("asks")} and (one.get("provider"), one.get("at"), one.get("item")) == wanted and _same_model(one, ends.get(n), setup, model)
    ]  # fmt: skip
    answered = [(ends[n][0], one) for n, one in same if n in ends and ends[n][1].get("outcome") == "answered" and _holds(ends[n][1])]
    if answered:
        return Before(answer=answered[-1][0], by=str(answered[-1][1].get("by", "")))
    unknown = [(n, one) for n, one in same if n not in ends or ends[n][1].get("perhaps_billed")]
    return Before(open=unknown[-1][0], by=str(unknown[-1][1].get("by", ""))) if unknown else Before()


def made_by(settings: Settings, name: str) -> str:
    """What makes a service's answers its own, as the settings have it now: its model, and a seal over its workflow, its model folder and its parameters where it has some.

    A folder is known by the names, sizes and times of what lies in it: a new model under the same name is another one.
    """
    setup = _setup(settings, name)
    if setup is None:
        return ""
    if setup.uses == own.NAME:
        return f"{own.shots()} shots"  # what was taken in since may answer too
    more: dict[str, Any] = {"parameters": {key: str(value) for key, value in setup.parameters.items()}} if setup.parameters else {}
    if setup.workflow is not None:
        try:
            more["workflow"] = sha256(setup.workflow.read_bytes()).hexdigest()
        except OSError:
            more["workflow"] = "missing"
    if setup.folder is not None:
        more["folder"] = sorted(f"{path.relative_to(setup.folder)} {(there := path.stat()).st_size} {there.st_mtime_ns}" for path in setup.folder.rglob("*") if path.is_file())
    seal = sha256(canonical(more)).hexdigest()[:16] if more else ""
    return " ".join(one for one in (setup.model, seal) if one)


@contextlib.contextmanager
def alone(production: Production, request: Request) -> Iterator[None]:
    """Hold a question while it is asked, so that two programs do not ask the same at once.

    Raises: CallError: another one asks it at this moment.
    """
    production.inside.mkdir(parents=True, exist_ok=True)
    path = production.inside / f"asking-{request.question.rpartition(':')[2][:16]}.lock"
    while True:
        with open(path, "a+b") as lock:
            if not locked(lock.fileno()):
                raise CallError("the same is being asked at this moment, by another page or program. Its answer will be found here; nothing was asked twice.")
            try:
                if os.stat(path).st_ino != os.fstat(lock.fileno()).st_ino:
                    continue  # whoever held it has put it away meanwhile
            except FileNotFoundError:
                continue
            try:
                yield
            finally:
                with contextlib.suppress(OSError):
                    path.unlink()
            return


def _setup(settings: Settings, name: str) -> Setup | None:
    return own.setups(settings).get(name)


def _holds(call: Any) -> bool:
    """Whether something of use came: files of whoever makes some, words or files of the others."""
    return bool(call.get("answers") or (call.get("provides") not in ("pictures", "video") and call.get("words")))


def _same_model(question: Any, end: tuple[int, Any] | None, setup: Setup | None, model: str) -> bool:
    if "model" in question:
        return bool(question["model"] == model)
    told = str(end[1].get("model", "")) if end is not None else ""
    return setup is None or not setup.model or not told or told.startswith(setup.model)  # a service may add a day to its model's name
