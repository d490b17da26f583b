"""Keys: read from the environment or the system's keyring at the moment of a call, and shown nowhere."""

from __future__ import annotations

import os

from answerprint.model.providers import ProviderError, Setup

__all__ = ["Secret", "secret"]


class Secret:
    """A key that is in no text: its `repr` and `str` hide it, and it cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a key is not written down")

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """The key itself, for the one header that it stands in."""
        return self._value

    def within(self, data: bytes) -> bool:
        """Whether it stands in these bytes."""
        return bool(self._value) and self._value.encode() in data

    def hide(self, text: str) -> str:
        """A text without it."""
        return text.replace(self._value, "(key)") if self._value else text


def secret(setup: Setup) -> Secret:
    """The key of a provider; an empty one where its settings name none.

    Raises: ProviderError: it is not there, or cannot stand in a header.
    """
    if not setup.key:
        return Secret("")
    if setup.key.startswith("keyring:"):
        service, _, user = setup.key.removeprefix("keyring:").partition("/")
        found = _from_keyring(setup, service, user)
        where = f"the system keyring under {service}, {user}"
        todo = f"Put it there: keyring set {service} {user}"
    else:
        found = os.environ.get(setup.key, "")
        where, todo = f"the environment as {setup.key}", f"Set {setup.key} in the shell that starts answerprint."
    if not found.strip():
        raise ProviderError(f"{setup.name}: its key is not in {where}. {todo}")
    if not found.strip().isascii() or not found.strip().isprintable() or len(found.strip()) < 8:
        raise ProviderError(f"{setup.name}: what lies in {where} is no key: it is too short, or has letters that no key has. {todo}")
    return Secret(found.strip())


def _from_keyring(setup: Setup, service: str, user: str) -> str:
    try:
        import keyring
    except ImportError as cause:
        raise ProviderError(f'{setup.name}: its key lies in the system keyring, which is read with: pip install "answerprint[providers]". Or name an environment variable: key = "NAME"') from cause
    try:
        return keyring.get_password(service, user) or ""
    except Exception as cause:
        raise ProviderError(f"{setup.name}: the system keyring did not open ({type(cause).__name__}). Unlock it, or name an environment variable: key = \"NAME\"") from cause
