"""A brief that came as a mail: what the mail says of itself is not what the brief says, and what was forwarded is the brief, not a quotation."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

__all__ = ["Mail", "around", "opened"]

_FROM = "from|von|de|da|van|fra|från"
_HEAD = re.compile(
    rf"\s*\*{{0,2}}(?P<head>{_FROM}|to|an|à|a|para|aan|til|till|cc|kopie|bcc|reply-to|sent|gesendet|envoyé|enviado|inviato|verzonden|sendt|skickat|date|datum|fecha|data|dato"
    r"|subject|betreff|objet|asunto|oggetto|onderwerp|emne|ämne|attachments?|anlagen?)\s*:\*{0,2}\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_SENDER = re.compile(rf"\s*\*{{0,2}}(?:{_FROM})\s*:", re.IGNORECASE)
_MARKS = re.compile(r"[ \t]*(?:>[ \t]?)+")
_FORWARDED = re.compile(r"(?=.{0,200}$)\s*(?:-{2,}.*\b(?:message|nachricht|messaggio|mensaje|melding|bericht)\b.*-{2,}|begin forwarded message:?|_{8,})\s*$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail opened: its letter, line for line, and what stands around it."""

    text: str  #: as many lines as came; what stands around it is empty, and however often it was forwarded, one > stands before it
    forwarded: frozenset[int]  #: the lines, from 1, that stand in what was forwarded
    around: tuple[tuple[int, str, str], ...]  #: (line from 1, head, words) of senders, days and subjects; a signature's head is "--"


def opened(text: str) -> Mail | None:
    """A mail, told by a line "From:" with a line to whom, when or of what beside it; None where it is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    bare = [_MARKS.sub("", line, count=1) if line.lstrip().startswith(">") else line for line in lines]
    headed = _headed(bare)
    if not headed:
        return None
    around: list[tuple[int, str, str]] = []
    left: list[str] = []
    signed: bool | None = None  # whether the signature that is open stands in what was forwarded
    for place, (line, words) in enumerate(zip(lines, bare, strict=True)):
        forwarded = line.lstrip().startswith(">")
        if signed is not None and (signed != forwarded or place in headed or _FORWARDED.match(words)):
            signed = None
        if place in headed or _FORWARDED.match(words):
            found = _HEAD.match(words)
            around.append((place + 1, found["head"] if found and place in headed else "--", found["rest"] if found and place in headed else words.strip()))
            left.append("")
        elif signed is not None or words.rstrip() == "--":
            signed = forwarded
            around.append((place + 1, "--", words.strip()))
            left.append("")
        else:
            left.append(f"> {words}" if forwarded else line)
    return Mail(text="\n".join(left), forwarded=frozenset(place for place, line in enumerate(left, start=1) if line.startswith("> ")), around=tuple(one for one in around if one[2].strip(" -")))


def around(head: str) -> bool:
    """Whether a head of a brief is one of its mail's, or its signature's."""
    return head == "--" or _HEAD.fullmatch(f"{head}:") is not None


def _headed(lines: list[str]) -> set[int]:
    """The lines that head a mail, "From:" among them; none where that stands alone, as a word of a brief may."""
    found: set[int] = set()
    for heads, run in itertools.groupby(range(len(lines)), key=lambda place: _HEAD.match(lines[place]) is not None):
        together = list(run)
        if heads and len(together) > 1 and any(_SENDER.match(lines[place]) for place in together):
            found.update(together)
    return found
