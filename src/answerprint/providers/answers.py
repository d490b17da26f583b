"""What every adapter does alike: settings that go out as numbers, and an answer that is wrong although it came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from answerprint.model.providers import ProviderError

__all__ = ["as_number", "behind", "came_wrong", "said_once"]

_DECIMAL = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?", re.ASCII)


def as_number(value: str | int | bool) -> str | float | bool:
    """A decimal that stands as text, as a number; other texts stay, "nan" too, which JSON has no word for."""
    return float(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else value


def came_wrong(says: str) -> ProviderError:
    """The error of an answer that came and cannot be used: the service had the whole question, and may charge for it."""
    error = ProviderError(says)
    error.perhaps_billed = True
    return error


@contextmanager
def behind(answers: Sequence[str]) -> Iterator[None]:
    """What goes wrong behind an answer that came already: that one is charged, whatever becomes of the next."""
    try:
        yield
    except ProviderError as error:
        error.perhaps_billed = error.perhaps_billed or bool(answers)
        raise


def said_once(name: str, parameters: Mapping[str, str | int | bool], *taken: str) -> None:
    """Hold the parameters of the settings against what each request says itself: in its place they would ask for more than was told with the price.

    Raises: ProviderError: they set such a thing.
    """
    if found := next((one for one in taken if one in parameters), ""):
        raise ProviderError(f"{name}: parameters set {found!r}, which each request says itself, with its price. Take it out of parameters in [providers.{name}].")
