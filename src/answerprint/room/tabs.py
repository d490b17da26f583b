"""The pages under Finish, in the order of the work: (word in texts, address)."""

from __future__ import annotations

__all__ = ["TABS"]

TABS = (("choose", "/finish"), ("picture", "/finish/picture"), ("sound", "/finish/sound"), ("words", "/finish/words"), ("versions", "/finish/versions"), ("reframing", "/finish/reframing"))
