"""The pages under Finish, in the order of the work: (word in texts, address)."""

from __future__ import annotations

__all__ = ["TABS"]

TABS = (
    ("choose", "/finish"), ("picture", "/finish/picture"), ("sound", "/finish/sound"), ("words", "/finish/words"), ("supers", "/finish/supers"),
    ("versions", "/finish/versions"), ("reframing", "/finish/reframing"),
)  # fmt: skip
