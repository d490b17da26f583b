"""Candidates for a stock slot that a service makes: asked for on the one guarded road, labelled in the file, laid side by side. A person takes one, or none.

>>> asked = filling.plan(desk, slots.named(desk, "STOCK:1"), provider, count=3)     # doctest: +SKIP
>>> asked.price.words, filling.generate(desk, provider, asked).candidates           # doctest: +SKIP
"""

from __future__ import annotations

from answerprint.filling.generating import (
    Asked,
    Candidate,
    Filled,
    FillingError,
    candidates,
    generate,
    looked,
    makers,
    plan,
    provider,
)

__all__ = ["Asked", "Candidate", "Filled", "FillingError", "candidates", "generate", "looked", "makers", "plan", "provider"]
