"""The library as a person uses it: folders are taken in, shots are searched by words, by a picture or by colours, and offered to stock slots.

It lies in the user's own data, outside of every production, and holds no copy of anybody's footage: small frames, facts, and where a file lies.
"""

from __future__ import annotations

from answerprint.shelving.searching import Candidate, Match, Results, candidates, generated, plain, search
from answerprint.shelving.shelf import Shelf, home
from answerprint.shelving.taking import Taken, add

__all__ = ["Candidate", "Match", "Results", "Shelf", "Taken", "add", "candidates", "generated", "home", "plain", "search"]
