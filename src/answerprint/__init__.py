"""Answerprint: the assistant editor that shows its hand.

>>> import answerprint
>>> spot = answerprint.open("spot/")          # doctest: +SKIP
>>> spot.prep()                               # doctest: +SKIP
>>> spot.status()["clips"][0]["sync"]         # doctest: +SKIP
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["AnswerprintError", "__version__", "new", "open"]

# The speech and lettering models run on ONNX Runtime, whose builds report to their maker unless told otherwise before they load.
# Nothing leaves this machine without a producer's leave, so they are told.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

if TYPE_CHECKING:
    from answerprint.model.records import AnswerprintError
    from answerprint.spot import new, open


def __getattr__(name: str) -> Any:
    """Load the API on first use, so that `answerprint --help` stays instant."""
    if name == "AnswerprintError":
        from answerprint.model.records import AnswerprintError

        return AnswerprintError
    if name in ("open", "new"):
        from answerprint import spot

        return getattr(spot, name)
    raise AttributeError(f"module 'answerprint' has no attribute {name!r}")
