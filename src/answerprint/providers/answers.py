"""What every adapter does alike: settings that go out as numbers, and an answer that is wrong although it came."""

from __future__ import annotations

import re

from answerprint.model.providers import ProviderError

__all__ = ["as_number", "came_wrong"]

_DECIMAL = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?", re.ASCII)


def as_number(value: str | int | bool) -> str | float | bool:
    """A decimal that stands as text, as a number; other texts stay, "nan" too, which JSON has no word for."""
    return float(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else value


def came_wrong(says: str) -> ProviderError:
    """The error of an answer that came and cannot be used: the service had the whole question, and may charge for it."""
    error = ProviderError(says)
    error.perhaps_billed = True
    return error
