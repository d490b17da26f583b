"""Candidates for a stock slot: what stock services offer (`filling.stock`, with the row of its licence in `filling.licence`), and what a service makes, labelled in
the file. Both are asked on the one guarded road and laid side by side. A person takes one, or none.

>>> asked = filling.plan(desk, slots.named(desk, "STOCK:1"), provider, count=3)     # doctest: +SKIP
>>> asked.price.words, filling.generate(desk, provider, asked).candidates           # doctest: +SKIP
"""

from __future__ import annotations

from answerprint.filling import licence, stock
from answerprint.filling.generating import Asked, Candidate, Filled, candidates, generate, looked, makers, plan, provider, sized
from answerprint.filling.laying import FillingError

__all__ = ["Asked", "Candidate", "Filled", "FillingError", "candidates", "generate", "licence", "looked", "makers", "plan", "provider", "sized", "stock"]
