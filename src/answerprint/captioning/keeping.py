"""One at a time writes the captions of a production, and it is known which files were written here, so that one that somebody changed is seen."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from answerprint.captioning.papers import CaptionError
from answerprint.keep import write_whole

if TYPE_CHECKING:
    from answerprint.production import Production

__all__ = ["alone", "keep_written", "written_before"]

_STATE = "captions.json"


@contextlib.contextmanager
def alone(production: Production) -> Iterator[None]:
    """Hold the captions of a production while they are read, changed and written.

    Raises: CaptionError: another program holds them and does not let go.
    """
    from answerprint.run import held

    try:
        with held(production.inside, "captions"):
            yield
    except TimeoutError as cause:
        raise CaptionError("another program is writing the captions of this production and does not end. Look for it, and start again.") from cause


def written_before(production: Production) -> dict[str, list[str]]:
    """The digests of what was written here under each name: the last one, and the one before where somebody may have been stopped in between."""
    try:
        found = json.loads((production.inside / _STATE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {str(name): [one] if isinstance(one, str) else [str(each) for each in one] for name, one in found.items()} if isinstance(found, dict) else {}


def keep_written(production: Production, state: Mapping[str, Sequence[str]]) -> None:
    """Write that down. Raises: KeepError: the disk refuses."""
    write_whole(production.inside / _STATE, json.dumps(dict(state), indent=1, sort_keys=True).encode())
