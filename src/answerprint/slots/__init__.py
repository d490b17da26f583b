"""Slots: where in a film something generated may stand, and the refusal on every other road.

A stock slot is an item that the script marks [[STOCK: ...]]. Hero shots, spoken lines, lettering and the pictures of the story take nothing
generated: not by a call, not as a take, a grade, a mix or a bed that somebody chooses, not in a super, not in a cut that somebody brings.
"""

from __future__ import annotations

from answerprint.slots.checking import brought, check, notes, refuse_generated, refuse_take, shown
from answerprint.slots.found import Generated, answered, generated, labelled
from answerprint.slots.policy import Policy, PolicyError, policy
from answerprint.slots.requests import check_call, check_request
from answerprint.slots.serving import Serves, Serving, serve, servings, withdraw
from answerprint.slots.slot import SlotError, StockSlot, may, named, no_slots, slots

__all__ = [
    "Generated", "Policy", "PolicyError", "Serves", "Serving", "SlotError", "StockSlot", "answered", "brought", "check", "check_call", "check_request", "generated", "labelled", "may", "named",
    "no_slots", "notes", "policy", "refuse_generated", "refuse_take", "serve", "servings", "shown", "slots", "withdraw",
]  # fmt: skip
