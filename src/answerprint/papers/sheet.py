"""How the papers look: the record's own sheet, and what a list of papers and a statement need beside it. No script, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence

from answerprint.book import Person
from answerprint.chronicle import day
from answerprint.record_style import SHEET, machine, name, plate, text

__all__ = ["Called", "facts", "last", "listed", "page", "sentences", "sign"]

_MORE = """\
h1.long { font-size: 28px; line-height: 36px; }
.verdict { font: 28px/36px var(--serif); margin-top: 24px; }
table.facts { table-layout: fixed; } table.facts th { width: 208px; font: 14px/20px var(--sans); color: var(--quiet); padding: 8px 24px 8px 0; vertical-align: baseline; }
table.facts th, table.facts td { border-top: 1px dotted var(--dots); } table.facts tr:first-child > * { border-top: 0; padding-top: 0; }
.lines > li { max-width: 68ch; } .lines > li + li { margin-top: 8px; }
.people td { width: 40%; } .people td:last-child { width: 20%; white-space: nowrap; text-align: right; } .people tr:first-child td { border-top: 0; padding-top: 0; }
.papers > li { display: grid; grid-template-columns: 208px minmax(0, 1fr); gap: 0 24px; padding: 8px 0; border-top: 1px solid var(--hair); }
.papers > li:first-child { border-top: 0; padding-top: 0; } .papers a, .papers b { font-weight: 600; }
.steps { counter-reset: step; } .steps > li { counter-increment: step; display: grid; grid-template-columns: 32px minmax(0, 1fr); padding: 8px 0; }
.steps > li::before { content: counter(step); font: 20px/24px var(--serif); color: var(--quiet); }
.weight { display: inline-block; font-size: 12px; line-height: 16px; letter-spacing: .04em; padding: 1px 6px; border: 1px solid var(--dots); margin-right: 8px; }
.weight.WARN { background: var(--act); border-color: #00000059; } .weight.FAIL { background: var(--stop); border-color: var(--stop); color: #fff; }
.strip { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px 8px; margin-top: 16px; max-width: 648px; }
.strip img { display: block; width: 100%; height: auto; max-height: 320px; object-fit: contain; object-position: left; background: var(--desk); } figcaption { margin-top: 4px; }
.side p.small { max-width: 40ch; }
@media (max-width: 760px) {
  .verdict { font-size: 20px; line-height: 28px; margin-top: 16px; }
  .papers > li { grid-template-columns: minmax(0, 1fr); }
  table.facts th, table.facts td { display: block; width: auto; } table.facts td { border-top: 0; padding-top: 0; } table.facts th { padding-bottom: 0; }
}
@media print {
  h1 { font-size: 24pt; line-height: 30pt; } h2 { font-size: 12pt; line-height: 16pt; } .question { font-size: 16pt; line-height: 21pt; }
  .verdict { font-size: 16pt; line-height: 20pt; } .weight { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  table.facts th { width: 136px; font-size: 9pt; line-height: 13pt; padding-right: 16px; } .papers > li { grid-template-columns: 148px minmax(0, 1fr); }
  .strip { max-width: 420px; } figure { break-inside: avoid; }
  .lines > li, .papers > li, .steps > li { break-inside: avoid; }
}
"""


#: In which seat somebody who has several decides about a film: who answers for it first, who pays for it last.
_FIRST, _LAST = ("director", "editor"), ("producer",)


class Called:
    """How people and files are called in the papers: people by their names, or, where the producer leaves those out, by their seats; files
    outside the production by their names, without the folders of somebody's computer.

    Args: outside: absolute names of files that sentences may hold.
    """

    def __init__(self, people: Mapping[str, Person], *, names: bool, outside: Iterable[str] = ()) -> None:
        self.names = names
        self._roles = {one.name: sorted(one.roles, key=_weight) for one in people.values()}
        self._outside = sorted(filter(None, outside), key=len, reverse=True)

    def __call__(self, name: str, seat: str = "") -> str:
        """A person. seat: the one in which they did it, where they have it."""
        if self.names:
            return name
        roles = self._roles.get(name, [])
        role = seat if seat in roles else next(iter(roles), "")
        return f"the {role}" if role else "a named person"

    def file(self, words: str) -> str:
        """A sentence, or a name, in which files may stand."""
        for one in self._outside:
            words = words.replace(one, last(one))
        return words

    def clear(self, words: str) -> str:
        """A sentence of the machine's in which names and files may stand; the longest first, so that no half of one stays behind."""
        words = self.file(words)
        if not self.names:
            for one in sorted(filter(None, self._roles), key=len, reverse=True):
                words = words.replace(one, self(one))
        return words


def _weight(role: str) -> tuple[int, int]:
    return (_FIRST.index(role), 0) if role in _FIRST else (len(_FIRST), role in _LAST)


def last(name: str) -> str:
    """The last part of a file's name, whichever system wrote it."""
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def page(title: str, over: str, heading: str, lede: Iterable[str], plates: Iterable[str], *, verdict: str = "") -> str:
    """One paper, whole.

    Args:    over: what it is, small.  heading: large.  lede: sentences under it.  plates: the parts, made already.
             verdict: the one sentence that is read first.
    Returns: HTML that holds under `default-src 'none'`, the hash of its one style sheet and pictures that lie in it, and says so itself.
    """
    sheet = f"{SHEET}{_MORE}"
    allowed = "sha256-" + base64.b64encode(hashlib.sha256(f"\n{sheet}".encode()).digest()).decode()
    said = "".join(f'<p class="lede">{text(one)}</p>' for one in lede if one)
    strong = f'<p class="verdict">{text(verdict)}</p>' if verdict else ""
    long = ' class="long"' if len(heading) > 48 else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src '{allowed}'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title)}</title>\n<style>\n{sheet}</style>\n</head>\n<body>\n<main>\n"
        f'<header><p class="small">{text(over)}</p><h1{long} dir="auto">{text(heading)}</h1>{strong}{said}</header>\n'
        f'{"".join(plates)}</main>\n</body>\n</html>\n'
    )


def sign(who: str, what: str, at: str, n: int, *, full: bool = False) -> str:
    """The name under what somebody said."""
    said = f"{text(what)}, " if what else ""
    return f'<p class="sign{" full" if full else ""}"><cite>{name(who)}</cite><span class="tiny">{said}{text(day(at))}, entry {n}</span></p>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """A table of what and which; rows with nothing to say are left out. Seals stand in typewriter letters."""
    made = [f'<tr><th scope="row">{text(what)}</th><td{_seal(value)} dir="auto">{text(value)}</td></tr>' for what, value in rows if value]
    return f'<table class="facts"><tbody>{"".join(made)}</tbody></table>' if made else ""


def _seal(value: str) -> str:
    return ' class="type"' if value.startswith(("sha256:", "blake3:", "SHA256:")) else ""


def sentences(lines: Sequence[str]) -> str:
    """Sentences under each other."""
    return f'<ul class="lines">{"".join(f"<li>{text(one)}</li>" for one in lines)}</ul>' if lines else ""


def listed(heading: str, lines: Sequence[str], none: str, side: str = "") -> str:
    """A part that is always there: what it lists, or that there is nothing to list."""
    return plate(heading, machine(lines) or f'<p class="small">{text(none)}</p>', f'<p class="small">{text(side)}</p>' if side else "")
