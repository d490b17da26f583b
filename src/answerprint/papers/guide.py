"""Read me first: what lies in the folder, how a stranger checks it, what that proves, and what was left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from answerprint.delivery.credentials.claims import Embedded
from answerprint.films import Film
from answerprint.papers.sheet import page, sentences
from answerprint.record_style import machine, plate, text

__all__ = ["CHECK", "WHAT", "carried", "checkpoint", "html"]

CHECK = "verify.py"
#: What each paper is, in the order of the list.
WHAT = {
    "sign-off.html": "The question, the answer, whose it is, and what the signature binds.",
    "AI statement.html": "What a machine did to this film, what it did not, and what was handed to it.",
    "AI statement.txt": "The same as text, to put into a letter or a contract.",
    "credits.html": "Who decided what.",
    "QC report.html": "What technical QC found in the encoded film, and what was said to each warning.",
    "QC report.json": "The same for other programs.",
    "credentials.html": "What the film file says of itself, sentence by sentence: its Content Credentials.",
    "record.html": "The whole record, to read: who decided what, over what, and why; and what the machine did beside it.",
    "record.db": "The record itself. This is what counts, and what is checked.",
    "checkpoint.txt": "How far the record went, in one line. Keep it outside this folder: a record that is cut off or rebuilt later shows against it.",
    CHECK: "The check: one program that needs nothing of ours. Who wants to can read it.",
    "papers.json": "All of this as data, with the seal of every paper.",
}
_PROVES = (
    "That the record was not changed, cut or put together anew: every entry is sealed to the one before, and people’s entries carry their signatures.",
    "That the pictures and sounds in the film file are those that the signed entry names.",
    "That the papers are as they were written, as far as papers.json says so.",
)
_NOT = (
    "Whose key a key is. Ask the people themselves, by another way than the one by which this came.",
    "What stands around the pictures and sounds in the file: titles, timecode, how they are turned and cropped.",
    "Attention, or taste. A signature proves a key and a gesture.",
    "What nobody wrote down.",
)


def checkpoint(title: str, entry: int, seal: str, at: str) -> str:
    """The note that somebody keeps: its first line is what the check takes after --held."""
    flat = " ".join("".join(char if char.isprintable() else " " for char in title).split())
    return f"{entry}:{seal}\n\nThe record of “{flat}” went to entry {entry}, on {at}.\nKeep this line outside the production. To hold a record against it:\n  python {CHECK} record.db --held {entry}:{seal}\n"


def html(title: str, film: Film, papers: Sequence[str], left_out: Sequence[str], *, founder: tuple[str, str], verdict: str, embedded: Embedded | None = None) -> str:
    """The page.

    Args: papers: names of what lies beside it.  founder: who began the record and the key it began with.  verdict: who answered, a sentence.
          embedded: the film's Content Credentials; None: it carries none.
    """
    rows = "".join(f'<li><span><a href="{text(quote(one))}">{text(one)}</a></span><span>{text(WHAT[one])}</span></li>' for one in WHAT if one in papers)
    plates = [
        plate("What lies here", f'<ul class="papers">{rows}</ul>'),
        plate("How to check it", _steps(film, papers, founder)),
        plate("What the check proves", sentences(_PROVES)),
        plate("What it does not", sentences([*_NOT, *_whole(embedded)])),
        plate("What the film file says of itself", _credentials(embedded)),
        plate("What is left out", machine(left_out) or '<p class="small">Nothing that the producer could have left out.</p>', '<p class="small">As the producer chose.</p>'),
    ]
    lede = (f"These papers belong to {film.file}: {film.version} for {film.spec}.", "They are for whoever gets the film and was not there: a client, a broadcaster, a union, a lawyer.")
    return page(f"{title}: read me first", "Read me first", title, lede, plates, verdict=verdict)


def _whole(embedded: Embedded | None) -> tuple[str, ...]:
    return ("Content Credentials cover the whole file; any reader of them says whether they hold.",) if embedded is not None else ()


def _credentials(embedded: Embedded | None) -> str:
    """What is worth knowing at once; sentence by sentence it has a paper of its own."""
    if embedded is None:
        return '<p class="small">The film carries no Content Credentials.</p>'
    return f"<p>{text(carried(embedded))}</p>{machine(embedded.left_out)}"


def carried(embedded: Embedded) -> str:
    """Where a film's credentials lie, what vouches for them, and when that was seen."""
    where = f"in {embedded.sidecar}, beside it" if embedded.sidecar else "in the file itself"
    stamped = f"A timestamp authority saw it: {embedded.stamped}." if embedded.stamped else "No timestamp authority saw it."
    return f"The film carries Content Credentials, {where}. Certificate: {embedded.signer}; {embedded.state}. {stamped} Any reader of Content Credentials shows them."


def _steps(film: Film, papers: Sequence[str], founder: tuple[str, str]) -> str:
    who, key = founder
    if "record.db" not in papers:
        return (
            '<p>The record is not among these papers, so they cannot be checked here. Ask the producer for a copy of it; '
            "the line in checkpoint.txt shows whether it is the one that these papers were made from.</p>"
        )
    film_name = film.file if re.fullmatch(r"[\w.-]+", film.file, re.ASCII) else "FILE"  # nothing that a shell could take for more than a name
    command = f"python {CHECK} record.db --film {film_name} --papers papers.json"
    named = "" if film_name == film.file else ", with the film’s own name for FILE"
    steps = [
        "<p>Put the film into this folder. The check needs Python 3.11 or newer with its package cryptography (pip install cryptography), and nothing else.</p>",
        f"<p>In this folder{named}:</p><pre>{text(command)}</pre><p>It says which signed entry names this film, or in a sentence what is wrong.</p>",
        f"<p>Ask {text(who)}, by another way than the one by which this came, whether this is their key, and give it to the check with --producer:</p><pre>{text(key)}</pre>",
    ]
    return f'<ol class="steps">{"".join(f"<li><div>{one}</div></li>" for one in steps)}</ol>'
