"""The plan: which task on which clip, under which cache key, and which of that the record already has.

Pure bookkeeping: the same plan tells `prep` what to do, `status` what is known and `facts` where it lies. Upstream facts are
inputs, so what changed runs again, and only that.
"""

from __future__ import annotations

from answerprint.plan.digests import decoder_version, digest_of, small_digest, speech_model_digest
from answerprint.plan.steps import Plan, Step, ordered, paper
from answerprint.plan.units import Medium, Sighting, Unit, tied, units_from

__all__ = [
    "Medium", "Plan", "Sighting", "Step", "Unit", "decoder_version", "digest_of", "ordered", "paper", "small_digest", "speech_model_digest", "tied", "units_from",
]  # fmt: skip
