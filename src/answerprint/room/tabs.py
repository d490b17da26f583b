"""The pages under Pre-production, Finish and Report, in the order of the work: (word in texts, address)."""

from __future__ import annotations

__all__ = ["BEFORE", "REPORT", "TABS"]

#: Before the shoot; a new one is a line here and a word in [before].
BEFORE = (
    ("brief", "/brief"),
    ("drafts", "/drafts"),
    ("library", "/library"),
    ("frames", "/frames"),
    ("deck", "/deck"),
    ("slots", "/slots"),
)  # fmt: skip

TABS = (
    ("choose", "/finish"), ("picture", "/finish/picture"), ("sound", "/finish/sound"), ("words", "/finish/words"), ("supers", "/finish/supers"),
    ("versions", "/finish/versions"), ("reframing", "/finish/reframing"),
)  # fmt: skip

#: Under Report; a new one is a line here and a word in [report].
REPORT = (("easy", "/report"), ("share", "/report/share"), ("cost", "/report/cost"))
