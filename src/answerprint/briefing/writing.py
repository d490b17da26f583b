"""A brief that somebody writes from the questions: Markdown with headings that the reader knows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from answerprint.briefing.brief import BriefError, Field

__all__ = ["HEADS", "written"]

#: What is asked of somebody who has no brief, in the order of the page: field -> its heading.
HEADS: Mapping[Field, str] = {
    "client": "Client", "product": "Product", "audience": "Audience", "message": "Message", "aim": "Aim", "tone": "Tone", "must-haves": "Must-haves", "avoid": "To avoid", "mandatories": "Mandatories",
    "deliverables": "Deliverables", "people": "People", "places": "Places", "references": "References", "budget": "Budget", "dates": "Dates", "approval": "Approval",
}  # fmt: skip
#: Of these, each line is one thing.
_LISTS = ("must-haves", "avoid", "mandatories", "deliverables", "references", "dates", "approval")
_MARK = re.compile(r"^\s*(?:[-*+•–]|\d{1,3}[.)])\s+")
_RULE = re.compile(r"^[\s\-=_*]*$")


def written(title: str, answers: Mapping[str, str]) -> str:
    """A brief as Markdown. What has no answer is left out, so that it is asked.

    Args:   answers: field -> words, of the fields in HEADS.
    Raises: BriefError: there is no answer at all.
    """
    parts = [f"# {name}"] if (name := " ".join(title.split())) else []
    for field, head in HEADS.items():
        lines = [line.strip() for line in answers.get(field, "").splitlines() if not _RULE.match(line)]
        if lines:
            parts.append(f"## {head}\n" + "\n".join(f"- {_plain(_MARK.sub('', line))}" if field in _LISTS else _plain(line) for line in lines))
    if len(parts) == bool(name):
        raise BriefError("nothing is written yet. Write down what is known; what is not, is asked.")
    return "\n\n".join(parts) + "\n"


def _plain(line: str) -> str:
    """A line that is no heading."""
    return "\\" + line if line.startswith("#") else line
