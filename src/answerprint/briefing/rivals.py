"""How briefs head their competitors, in six languages. They are no field: what stands below is kept as it stands, and its names are kept out of pictures."""

from __future__ import annotations

import re

__all__ = ["german", "heads", "labels"]

_GERMAN = r"(?:konkurrenz|konkurrenten|mitbewerb(?:er)?|wettbewerb(?:er)?|(?:wettbewerbs|konkurrenz)(?:umfeld|marken|produkte))"
_KINDS = (
    r"(?:competitors?|competition|competitor brands?|competitive (?:set|brands?|products?|landscape)|competing (?:brands?|products?)|rivals?|rival brands?)",
    _GERMAN,
    r"(?:concurrents?|concurrence|(?:marques|produits) concurrent[es]s?|(?:environnement|univers|paysage) concurrentiel)",
    r"(?:competidor(?:es)?|competencia|marcas (?:competidoras|de la competencia)|entorno competitivo)",
    r"(?:concorrent[ei]|concorrenza|(?:marchi|marche|brand) concorrenti|(?:scenario|contesto) competitivo)",
    r"(?:concurrent(?:en)?|concurrentie|concurrerende (?:merken|producten)|concurrentieveld)",
)
#: Words before and behind: "our main competitors", "Markt und Wettbewerb", "concurrents directs".
_BEFORE = (
    r"(?:(?:our|their|the|main|direct|key|other|unsere|die|der|direkten?|wichtigste[nr]?|größten?|nos|les|la|l['’]|principaux|los|las|nuestros|nuestra|principales|i|gli|il|principali|nostri|de|het|onze"
    r"|directe|belangrijkste|grootste)\s*)*"
)
_BESIDE = r"(?:[\w’'-]+\s+(?:and|und|et|y|e|en|&|/)\s+)?"
_BEHIND = r"(?:\s+(?:directs?|directos|diretti|principales|principaux|principali))?(?:\s*\([^)]*\)|\s+(?:and|und|et|y|e|en|&|/)\s+\w+)?"
_ALL = rf"{_BEFORE}(?:{'|'.join(_KINDS)})"
_HEAD = re.compile(rf"\W*(?:\d+[.)]\s*)?{_BESIDE}{_ALL}{_BEHIND}\W*", re.IGNORECASE)
_LABEL = re.compile(rf"(?:^|[.;!?\n])\W{{0,12}}(?P<head>{_BESIDE}{_ALL}{_BEHIND})\W*?(?::|\s[-–—]\s)\W*(?P<rest>[^\n]+)", re.IGNORECASE)
_IN_GERMAN = re.compile(rf"\b{_GERMAN}\b", re.IGNORECASE)


def heads(head: str) -> bool:
    """Whether this heads competitors and nothing else."""
    return _HEAD.fullmatch(head) is not None


def labels(text: str) -> tuple[str, str] | None:
    """(head, names) of "Competitors: Fizz, Kettle" within a text; None where no such label is in it."""
    found = _LABEL.search(text)
    return (found["head"], found["rest"]) if found is not None else None


def german(head: str) -> bool:
    """Whether such a head is German: there every noun has a capital, and a capital names nobody."""
    return _IN_GERMAN.search(head) is not None
