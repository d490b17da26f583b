"""A writer that is a service of one's own settings: asked through `calling`, with its price, its permission and its place in the record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from answerprint import calling
from answerprint.calling.carried import declared
from answerprint.drafting.concepts import Writer, Written
from answerprint.model.providers import Cancel, Provider, Request, never

if TYPE_CHECKING:
    from collections.abc import Collection

    from answerprint.desk import Desk
    from answerprint.production import Production

__all__ = ["question", "service", "writer"]

_TOKENS = 3000  #: of an answer: a treatment of ten sections is 600 to 900 words, in most languages under three tokens each
_MANNER = "You draft for a director who will rewrite every sentence. Plain words; no praise, no summary."


def question(desk: Desk, prompt: str, seed: int) -> Request:
    """A question as it would be asked. It says all that it carries: the brief's words, and what people wrote in the concept that it begins from.

    Raises: CallError: its words hold something that is no words.
    """
    return declared(desk, Request(kind="words", words=prompt, manner=_MANNER, carries=("words of the brief",), seed=seed, most_tokens=_TOKENS))


def writer(production: Production, provider: Provider, *, agreed: Collection[int] = (), by: str = "", cancel: Cancel = never) -> Writer:
    """A service as a writer. What it answered before is not asked again.

    Args: agreed: questions without an answer of which whoever said yes was told.  by: who asks; stands in the record.
    """

    def write(prompt: str, seed: int) -> Written:
        from answerprint.desk import Desk

        request = question(Desk(production), prompt, seed)
        answer = calling.once(production, provider, request, what="a draft in words", agreed=agreed, by=by, cancel=cancel)
        return Written(text=_answered(production, answer.entry), by=provider.name, entry=answer.entry, notes=answer.notes)

    return write


def service(production: Production, name: str) -> Writer:
    """A writer by its name in one's own settings.

    Raises: CallError, ProviderError: it is not set up, or its key is not there.
    """
    return writer(production, calling.opened(production.settings, name, load_outside=True))


def _answered(production: Production, n: int) -> str:
    record = production.reader()
    assert record is not None  # it was just read
    with record:
        body = next(body for entry in record.entries(kind="proposal") if entry.n == n and (body := entry.read()) is not None)
    return "\n\n".join(json.loads(production.keep.get(body["words"]))["texts"])
