"""Rights: what somebody wrote into rights.csv about talent, music, stock, locations, artwork and fonts, held against each version of the film.

Nothing here reads a contract. It reads the list that a person keeps, says where a version goes beyond it, and what of the film no row speaks of.
"""

from __future__ import annotations

from answerprint.rights.checking import AHEAD_DAYS, Listed, absent, check, endings, listed, notes, of
from answerprint.rights.paper import PAPER, Right, RightsError, read_rights

__all__ = ["AHEAD_DAYS", "PAPER", "Listed", "Right", "RightsError", "absent", "check", "endings", "listed", "notes", "of", "read_rights"]
