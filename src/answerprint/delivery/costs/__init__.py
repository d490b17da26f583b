"""A budget as a producer keeps it, by the sections of the AICP bid form: read from CSV or XLSX, added up exactly, and what it leaves out named."""

from __future__ import annotations

from answerprint.delivery.costs.reading import NAMES, read_budget
from answerprint.delivery.costs.records import Budget, CostError, Line, Money, Section
from answerprint.delivery.costs.roles import ROLES, Input, Missing, Role, lumped, missing
from answerprint.delivery.costs.sections import SECTIONS, section_of

__all__ = ["NAMES", "ROLES", "SECTIONS", "Budget", "CostError", "Input", "Line", "Missing", "Money", "Role", "Section", "lumped", "missing", "read_budget", "section_of"]
