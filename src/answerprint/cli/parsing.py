"""How a page of commands adds one: `command("lined", run)` gives the parser to add its arguments to."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Commands", "Run", "here"]

Run = Callable[[argparse.Namespace, dict[str, Any]], int]  #: (arguments, texts) -> exit code


class Commands(Protocol):
    def __call__(self, name: str, run: Run, *, folder: bool = True, as_json: bool = True) -> argparse.ArgumentParser: ...


def here(folder: str | None) -> str:
    """The production that is meant: the one that was named, else the one that the current folder lies in, else the current folder."""
    if folder:
        return folder
    now = Path.cwd()
    return str(next((one for one in (now, *now.parents) if (one / "answerprint.toml").is_file()), now))
