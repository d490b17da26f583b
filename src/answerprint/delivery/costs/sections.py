"""The sections of the AICP bid form by their letters, and how budgets write their titles."""

from __future__ import annotations

import re

__all__ = ["OUTSIDE", "SECTIONS", "section_of", "summed"]

OUTSIDE = ""  #: where a line stands that is in no section of the form: mark-up, insurance, a producer's own rows

#: The form's letters, as live-action bids have used them for decades; O and P are the post sections of today's templates. docs/cost.md names sources.
SECTIONS = {
    "A": "Pre-production and wrap labour",
    "B": "Shooting crew labour",
    "C": "Pre-production and wrap expenses",
    "D": "Location and travel",
    "E": "Props, wardrobe and animals",
    "F": "Studio",
    "G": "Set construction labour",
    "H": "Set construction materials",
    "I": "Equipment",
    "J": "Film stock and media",
    "K": "Miscellaneous",
    "L": "Director and creative fees",
    "M": "Talent labour",
    "N": "Talent expenses",
    "O": "Post-production labour",
    "P": "Editorial and finishing",
}
_LABOUR = r"(labou?r|crew|wages|payroll)"
_COSTS = r"(materials?|expenses?|costs?)"
#: Titles as templates write them, the narrow ones first.
_TITLES = (
    ("A", rf"pre-?\s?pro(duction)?( and |/| )(wrap )?({_LABOUR})|prep( and |/)wrap {_LABOUR}|pre-?\s?production and wrap$"),
    ("C", rf"pre-?\s?pro(duction)?( and |/| )(wrap )?({_COSTS})|prep( and |/)wrap {_COSTS}"),
    ("B", rf"shoot(ing)? {_LABOUR}( {_LABOUR})?"),
    ("G", rf"(set|art dep(artmen)?t\.?)( construction)? {_LABOUR}"),
    ("H", rf"(set|art dep(artmen)?t\.?)( construction)? {_COSTS}"),
    ("N", rf"talent {_COSTS}"),
    ("M", rf"talent( {_LABOUR})?( and expenses)?"),
    ("L", r"(director|creative)('?s)?([/ ]| and )*(creative|directors?)?'?s? fees?"),
    ("D", r"locations?( and |/| )travel( expenses)?|locations?( expenses)?"),
    ("E", r"(props|make-?up|wardrobe)[ ,/].*(wardrobe|animals|props).*"),
    ("F", r"studio( and |/| )?(stage|rental|set|expenses|costs).*|studio"),
    ("I", r"equipment( rental| costs)?"),
    ("J", r"film( stock)?[ ,/&]*(and |develop|digital|stock|lab|media|print).*|film stock|digital media"),
    ("K", r"misc(ellaneous|\.)?( costs| expenses)?"),
    ("O", rf"post[- ]?production {_LABOUR}"),
    ("P", r"(editorial|post[- ]?production)( and finishing| and completion|/finishing)?|editorial( costs)?"),
)  # fmt: skip


def section_of(text: str) -> str | None:
    """The section that a title names: "B: SHOOTING CREW LABOR", "Shooting crew", "Section B", "B". None where it is no title.

    A title by itself is taken by its words, whatever letter it has: old and new templates letter the last sections differently.
    """
    words = " ".join(re.sub(r"[&+]", " and ", text).casefold().split())
    found = re.fullmatch(r"(?:section |category )?([a-p])(?:\s*[:.)\u2013\u2014-]+\s*|\s+)(.+)|(?:section |category )?([a-p])[:.)]?", words)
    letter, title = ((found[1] or found[3]).upper(), (found[2] or "").strip(" :.-")) if found else ("", words.strip(" :.-"))
    named = next((one for one, pattern in _TITLES if title and re.fullmatch(pattern, title)), None)
    if named is not None:
        return named
    return letter if letter and (not title or re.search(r"\b" + re.escape(SECTIONS[letter].split()[0][:5].casefold()), title)) else None


def summed(text: str) -> frozenset[str]:
    """The sections that a line of a summary adds up: "Totals A and C", "TOTAL B". Empty where it names none."""
    found = re.search(r"\b(?i:totals?):?\s+([A-P](?:\s*(?:,|&|\+|and|to|through|-)\s*[A-P])*)\b", text)
    if found is None:
        return frozenset()
    letters = re.findall(r"\b[A-P]\b", found[1])
    if re.search(r"to|through|-", found[1]) and len(letters) == 2:
        return frozenset(chr(one) for one in range(ord(letters[0]), ord(letters[1]) + 1))
    return frozenset(letters)
