"""Asking services: the one road on which anything of a production goes to an AI or a stock service.

>>> answer = calling.ask(spot, calling.opened(spot.settings, "writer"), request, what="a treatment")     # doctest: +SKIP
"""

from __future__ import annotations

from answerprint.calling.asking import Answer, Found, ask, once, why_not
from answerprint.calling.before import Before, alone, asked_before, made_by
from answerprint.calling.own import adapters, setups
from answerprint.calling.permission import NOTHING, CallError, changed, granted, let_of
from answerprint.calling.planned import Asking, Planned, looked
from answerprint.calling.spending import spent, too_dear
from answerprint.calling.standing import Left, There, left, offline, there
from answerprint.config import Settings
from answerprint.model.providers import Provider, ProviderError

__all__ = ["NOTHING", "Answer", "Asking", "Before", "CallError", "Found", "Left", "Planned", "There", "adapters", "alone", "ask", "asked_before", "changed", "granted", "left", "let_of", "looked", "made_by", "offline", "once", "openable", "opened", "setups", "spent", "there", "too_dear", "why_not"]


def opened(settings: Settings, name: str, *, load_outside: bool = False) -> Provider:
    """One of them, ready to be asked. Nothing is sent.

    Args:   load_outside: whether other packages' adapters count; never where a key is unlocked.
    Raises: CallError: there is none of that name, or no adapter for it.  ProviderError: its key or its model is not there.
    """
    there = setups(settings)
    if name not in there:
        raise CallError(f"{name!r} is not set up here. There are: {', '.join(there) or 'none'}. Set one up in your own settings: docs/providers.md shows each.")
    known = adapters(load_outside=load_outside)
    if there[name].uses not in known:
        raise CallError(f"{name} uses {there[name].uses!r}, and there is no such adapter. There are: {', '.join(known)}.")
    return known[there[name].uses].opens(there[name])


def openable(settings: Settings) -> dict[str, Provider]:
    """All of them that can be opened now, by name: those whose key and model are there."""
    ready = {}
    for name in setups(settings):
        try:
            ready[name] = opened(settings, name)
        except (CallError, ProviderError):
            continue
    return ready
