"""The record as a page: who decided what, over what, and why, with the machine's work beside it. One HTML file, to read and to print.

Every name and every reason in it is somebody else's text and is escaped; the page has no script, no inline style, and asks for nothing
from outside.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from answerprint import chronicle as told
from answerprint.book import Book, Current, Line, Raised
from answerprint.chronicle import Chronicle, about, chosen, day
from answerprint.model.charter import Judgment
from answerprint.model.judgments import CutSeal, Decided, Decision, Enrol, Intent, Newer, Refusal, Release, Revoke, SignOff, Stand
from answerprint.record_style import SHEET

__all__ = ["html"]

_ANSWERS = {"yes": "Yes.", "no": "No.", "withdrawn": "Withdrawn."}
_NEXT = {"strings": "from an empty timeline, with the strings", "assembly": "from the first assembly", "this cut": "from this cut"}
_OUTCOMES = {"approved": "Approved.", "changes": "Changes wanted.", "refused": "Refused."}
_ASKED = {"sentence": "The film in one sentence", "rhythm": "Rhythm", "palette": "Palette", "music": "Music", "take": "The take I remember"}
_MARKS = 4  #: on one letter; Vietnamese has two, pointed Hebrew three
_CROSSING = "\u200c\u200d"  # joiners that some scripts are written with; every other sign without a shape goes


def html(chronicle: Chronicle, *, title: str, client: str = "", check: str = "verify.py", file: str = "record.db") -> str:
    """The record as a self-contained page.

    Args:   title, client: of the production.  check, file: what the reader is told to run, over what.
    Returns: HTML that holds under `default-src 'none'` and the hash of its one style sheet, and says so itself.
    """
    book = chronicle.book
    allowed = "sha256-" + base64.b64encode(hashlib.sha256(f"\n{SHEET}".encode()).digest()).decode()
    plates = [
        _unsound(chronicle), _question(book), _thoughts(book), *(_judgment(chronicle, one) for one in Judgment if one is not Judgment.SIGN_OFF),
        _stricter(chronicle), _objections(book), _said(chronicle), _stands(book), _rounds(book), _crew(book), _machine(chronicle),
        _check(chronicle, check, file), _log(chronicle),
    ]  # fmt: skip
    return "".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{allowed}'\">\n",
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n',
            f"<title>{_t(title)}: the record</title>\n<style>\n{SHEET}</style>\n</head>\n<body>\n<main>\n",
            _opening(chronicle, title, client),
            *plates,
            "</main>\n</body>\n</html>\n",
        ]
    )


# ---- small parts


def _t(text: str) -> str:
    """Somebody's text, safe and in its place: nothing without a shape, nothing that turns the writing direction around it, no tower
    of marks that reaches into the lines of others."""
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MARKS:
            kept.append(char if char.isprintable() or char in "\n" + _CROSSING else " ")
    return escape("".join(kept))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _name(text: str) -> str:
    return f"<bdi>{_t(' '.join(text.split()))}</bdi>"


def _person(text: str, *, large: bool = False) -> str:
    """A person's words."""
    return f'<p class="person{" large" if large else ""}" dir="auto">{_t(text.strip())}</p>' if text.strip() else ""


def _sign(line: Line[Any] | Current, what: str = "", *, full: bool = False) -> str:
    """The name under what somebody said: with what, when, and where it stands in the record."""
    struck = ", struck since by a revocation" if isinstance(line, Line) and line.struck else ""
    said = f"{what}, " if what else ""
    return f'<p class="sign{" full" if full else ""}"><cite>{_name(line.by.name)}</cite><span class="tiny">{said}{_t(day(line.at))}, entry {line.n}{struck}</span></p>'


def _machine_says(lines: Sequence[str]) -> str:
    """The machine's words."""
    if not lines:
        return ""
    return f'<p class="machine">{_t(lines[0])}</p>' if len(lines) == 1 else f'<ul class="machine">{"".join(f"<li>{_t(one)}</li>" for one in lines)}</ul>'


def _plate(heading: str, inside: str, *side: str) -> str:
    return f'<section class="plate"><div class="side"><h2>{_t(heading)}</h2>{"".join(side)}</div><div>{inside}</div></section>\n' if inside else ""


def _items(parts: Iterable[str]) -> str:
    return "".join(f'<div class="item">{part}</div>' for part in parts if part)


def _cuts(sealed: Iterable[CutSeal]) -> str:
    rows = []
    for one in sealed:
        sheet = {True: ", contact sheet seen", False: ", contact sheet not seen", None: ""}[one.sheet_seen]
        version = "" if one.version == "master" else f", {one.version}"
        rows.append(f"<li>{_t(one.file.rsplit('/', 1)[-1] + version + sheet)}</li>")
    return f'<ul class="facts small">{"".join(rows)}</ul>'


# ---- the opening


def _opening(chronicle: Chronicle, title: str, client: str) -> str:
    book, report = chronicle.book, chronicle.report
    dates = f"{_span(chronicle.entries[0].at, chronicle.entries[-1].at)}. " if chronicle.entries else ""
    signed = f"{report.signed} of them signed by {_count(len({line.by.id for line in book.lines}), 'person', 'people')}."
    counted = _count(report.entries, "entry", "entries") + (f", {signed}" if report.signed else ". Nobody has signed yet.")
    person = '<div><p class="person">What a person said stands like this,</p><p class="sign"><cite>with their name under it.</cite></p></div>' if book.people else ""
    return (
        f'<header><p class="small">The record of</p><h1 dir="auto">{_t(title)}</h1>' + (f'<p class="small">{_t(client)}</p>' if client else "")
        + f'<p class="lede">Who decided what, over what, and why; and what the machine did beside it. {_t(dates)}{counted}</p>'
        + f'<div class="how">{person}<p class="machine">What the machine did, and what it found when it checked this record, stands like this.</p></div></header>\n'
    )  # fmt: skip


def _unsound(chronicle: Chronicle) -> str:
    """What could not be verified comes first."""
    report = chronicle.report
    found = [str(one) for one in report.findings] + ([f"And {report.more} more."] if report.more else [])
    return _plate("What does not hold", "".join(f'<p class="mark stop machine">{_t(one)}</p>' for one in found), "<p class=\"small\">Entries that do not verify count for nothing on this page.</p>")


# ---- the question


def _question(book: Book) -> str:
    lines = [line for line in book.lines if isinstance(line.content, (SignOff, Refusal, Release))]
    asked = next((line.content.question for line in reversed(lines) if isinstance(line.content, (SignOff, Refusal))), "")
    holder = book.holder(Judgment.SIGN_OFF)
    seat = _seat(book, Judgment.SIGN_OFF)
    if not lines:
        who = f"{_name(holder.name)} has not answered the question yet." if holder else "Nobody holds the sign-off yet."
        return _plate("The sign-off", f'<p class="mark">{who}</p>', seat)
    question = f'<p class="question" dir="auto">{_t(asked)}</p>' if asked else ""
    return _plate("The sign-off", question + _items(_said_to_question(line, book) for line in lines), seat)


def _said_to_question(line: Line[Any], book: Book) -> str:
    one = line.content
    if isinstance(one, SignOff):
        opened = f'<p class="small">The first thought, opened in entry {one.intent}, stood beside the cut.</p>' if one.intent else ""
        with_it = f'<p class="small">In the same gesture: {_t("; ".join(f"{each.judgment} of {about(each.about)}" for each in one.decisions))}.</p>' if one.decisions else ""
        words = _person("Yes.", large=True)
        return words + _cuts(one.cuts) + opened + with_it + _not_checked(one.not_checked) + _sign(line, full=True)
    if isinstance(one, Refusal):
        says = f'<p class="small">Scrapped. The next one starts {_t(_NEXT[one.next])}.</p>'
        return _person("No.", large=True) + _person(one.because) + _cuts(one.cuts) + says + _sign(line, full=True)
    missing = _machine_says(["What the gate still missed: " + "; ".join(one.missing)]) if one.missing else ""
    words = '<p class="small">Released by a producer, not signed.</p>'
    return words + _person(one.because, large=True) + _cuts(one.cuts) + missing + _not_checked(one.not_checked) + _sign(line, full=True)


def _not_checked(names: Sequence[str]) -> str:
    return f'<div class="near">{_machine_says(["Not checked: " + ", ".join(names)])}</div>' if names else ""


def _thoughts(book: Book) -> str:
    """Each first thought, sealed, skipped or opened."""
    opening = {line.content.opens: line for line in book.intents if line.content.opens is not None}
    parts = []
    for line in book.intents:
        one: Intent = line.content
        if one.opens is not None:
            continue
        if one.skipped:
            parts.append('<p class="small">No first thought was said.</p>' + _sign(line))
        elif (opened := opening.get(line.n)) is not None and opened.content.content:
            said = sorted(opened.content.content.items(), key=lambda pair: list(_ASKED).index(pair[0]) if pair[0] in _ASKED else len(_ASKED))
            asked = "".join(f"<div><dt>{_t(_ASKED.get(name, name))}</dt><dd>{_person(words, large=True)}</dd></div>" for name, words in said if words)
            sealed = f"sealed {_t(day(line.at))}, entry {line.n}; opened"
            parts.append(f'<dl class="thought">{asked}</dl>' + _sign(opened, sealed))
        else:
            parts.append('<p class="small">Sealed, and not opened yet. Only its author can open it.</p>' + _sign(line, "sealed"))
    parts += [_withheld("first thought", line) for line in _lacking(book, "intent")]
    return _plate("The first thought", _items(parts), '<p class="small">Sealed before any picture of the machine’s, to be opened beside the cut.</p>')


def _lacking(book: Book, kind: str) -> list[Line[Any]]:
    """Signed entries of a kind whose words this copy withholds."""
    return [line for line in book.lines if isinstance(line.content, Newer) and line.content.schema == 0 and line.content.kind == kind]


def _withheld(what: str, line: Line[Any]) -> str:
    return f'<p class="small">The words of this {what} are not in this copy. The seal of what was signed is.</p>' + _sign(line)


# ---- judgments


def _seat(book: Book, judgment: str) -> str:
    held = book.seat(judgment)
    if held.machine:
        charter = book.charter
        by = f'<p class="sign"><cite>{_name(charter.by.name)}</cite></p>' if charter else ""
        return f'<p class="machine">Handed to the machine.</p>{_person(held.because)}{by}'
    holder = book.holder(judgment)
    return f'<p class="sign"><cite>{_name(holder.name)}</cite><span class="tiny">holds it</span></p>' if holder else '<p class="mark small">An empty chair.</p>'


def _judgment(chronicle: Chronicle, judgment: str) -> str:
    """One judgment: what was decided, gesture by gesture, and beside it what the machine had laid out for it."""
    book = chronicle.book
    now = book.decisions
    blocks = []
    for line in book.lines:
        content = line.content
        if not isinstance(content, (Decision, SignOff)):
            continue
        here = [(index, one) for index, one in enumerate(content.decisions, 1) if one.judgment == judgment]
        if not here:
            continue
        listed = "".join(_choice(one, stands=(held := now.get((one.judgment, one.about))) is not None and (held.n, held.index) == (line.n, index)) for index, one in here)
        what = told.GESTURES.get(content.gesture, content.gesture) if isinstance(content, Decision) else "with the sign-off"
        saw = f'<p class="tiny">Had seen before choosing: {_t(", ".join(content.saw))}.</p>' if isinstance(content, Decision) and content.saw else ""
        blocks.append(f'<div class="gesture"><ol class="choices">{listed}</ol>{_sign(line, _t(what))}{saw}</div>')
    beside = _beside(chronicle, judgment)
    if not blocks and not beside and book.charter is None:
        return ""
    inside = "".join(blocks) or ('<p class="small">Nothing of it was decided by a person.</p>' if book.seat(judgment).machine else '<p class="small">Not decided.</p>')
    return _plate(judgment.capitalize(), inside, _seat(book, judgment), beside)


def _choice(one: Decided, *, stands: bool) -> str:
    over = f'<span class="tiny">over {_t(_others(one.over))}</span>' if one.over else ""
    gone = "" if stands else '<span class="tiny">replaced since, or struck</span>'
    return f'<li{"" if stands else " class=gone"}><span class="small">{_t(about(one.about).capitalize())}</span><span><b dir="auto">{_t(chosen(one.choice))}</b>{over}{gone}</span>{_person(one.because)}</li>'


def _others(names: Sequence[str]) -> str:
    """The alternatives in their order; of attempts in one clip, its name once: "A001_C003#1, #2, #4"."""
    said, before = [], ""
    for name in names:
        clip, mark, number = name.rpartition("#")
        said.append(f"#{number}" if mark and clip == before else name)
        before = clip if mark else ""
    return ", ".join(said)


def _beside(chronicle: Chronicle, judgment: str) -> str:
    tasks = told.BESIDE.get(Judgment(judgment), ()) if judgment in set(Judgment) else ()
    done = {one.task: one.says for one in chronicle.machine}
    laid = "".join(f"<li>{_t(done[task])}</li>" for task in tasks if task in done)
    return f'<div class="machine">Laid out for it by the machine:<ul>{laid}</ul></div>' if laid else ""


def _stricter(chronicle: Chronicle) -> str:
    """Executions that this production made a person's decision."""
    charter = chronicle.book.charter
    return "".join(_judgment(chronicle, one) for one in (charter.content.stricter if charter else ()))


# ---- what was argued


def _objections(book: Book) -> str:
    side = '<p class="small">An objection waits until a named person answers it. The answer may be no, with a reason.</p>'
    return _plate("Objections", _items(_objection(one) for one in book.objections), side)


def _objection(one: Raised) -> str:
    line = one.line
    if isinstance(line.content, Newer):
        return f"<h3>{one.number}</h3>" + _withheld("objection", line) + '<p class="small">Whether it was answered, and how, is not in this copy either.</p>'
    taken = f'<p class="tiny">Taken up from a machine critic’s idea, entry {line.content.idea}.</p>' if line.content.idea is not None else ""
    says = f"<h3>{one.number}, on {_t(about(line.content.on))}</h3>{_person(line.content.text, large=True)}{_sign(line)}{taken}"
    if one.answer is not None:
        answer = one.answer.content
        return f'{says}<div class="thread"><p class="answer small">{_ANSWERS[answer.answer]}</p>{_person(answer.because)}{_sign(one.answer)}</div>'
    return says if line.struck else f'{says}<div class="thread"><p class="mark stop">Open. Nobody has answered.</p></div>'


def _said(chronicle: Chronicle) -> str:
    """Ideas of the machine's critics and remarks: neither blocks anything, neither is signed."""
    parts = []
    for entry, body in chronicle.said:
        what = "idea" if entry.kind == "idea" else "remark"
        if body is None:
            parts.append(f'<p class="small">The words of this {what} are not in this copy.</p><p class="tiny">{_t(day(entry.at))}, entry {entry.n}</p>')
            continue
        text, on = str(body.get("text", "")), about(str(body.get("on") or "film:master"))
        if what == "idea":
            critic = str(body.get("critic", ""))
            parts.append(f'<h3>On {_t(on)}</h3><p class="machine">{_t(text)}</p><p class="tiny">{_t(f"the {critic} critic’s idea" if critic else "a critic’s idea")}, entry {entry.n}</p>')
        else:
            by = str(body.get("by", ""))
            parts.append(f'<h3>On {_t(on)}</h3>{_person(text)}<p class="tiny">said to be by {_name(by)}, not signed, {_t(day(entry.at))}, entry {entry.n}</p>')
    return _plate("Ideas and remarks", _items(parts), '<p class="small">A critic’s idea blocks nothing until a person makes it theirs. A remark is not signed.</p>')


def _stands(book: Book) -> str:
    parts = [f"<h3>{_t(line.content.part.capitalize())}, {_t(about(line.content.about))}</h3>{_person(line.content.text)}{_sign(line)}" for line in book.of(Stand)]
    parts += [_withheld("statement", line) for line in _lacking(book, "stand")]
    return _plate("Who stands behind it", _items(parts), '<p class="small">Nobody has to.</p>')


def _rounds(book: Book) -> str:
    """What went out, and what came back."""
    parts = []
    for line in book.rounds:
        sent = line.content
        back = []
        for said in book.approvals:
            if said.content.round == line.n:
                wanted = "".join(f"<li>{_t(one)}</li>" for one in said.content.changes)
                told_by = f'<p class="sign"><span class="tiny">told by</span> <cite>{_name(said.by.name)}</cite><span class="tiny">{_t(day(said.at))}, entry {said.n}</span></p>'
                back.append(f'<p><span class="answer">{_OUTCOMES[said.content.outcome]}</span> <span class="small">{_name(said.content.contact)}</span></p>' + (f'<ul class="facts">{wanted}</ul>' if wanted else "") + told_by)
        heard = "".join(back) or '<p class="mark small">Nothing came back yet.</p>'
        parts.append(f'<h3>{_t(sent.label)}, to {_name(sent.to)}</h3>{_cuts(sent.cuts)}{_sign(line, "sent")}<div class="thread">{heard}</div>')
    return _plate("Rounds", _items(parts), '<p class="small">What a client approves is their approval of exactly these cuts. It is not the sign-off.</p>')


# ---- who


def _crew(book: Book) -> str:
    if not book.people:
        return _plate("The crew", '<p class="mark">Nobody is on the crew yet.</p>')
    keys = {key: line for line in book.of(Enrol) for key in [_key_of(line, book)] if key}
    revoked = {line.content.key: line for line in book.of(Revoke)}
    rows = []
    for one in book.people.values():
        held = []
        for key in one.keys:
            end = revoked.get(key)
            says = {"recovery": "on paper, to come back with", "daily": "", "revoked": "revoked"}[book.purpose(key)]
            enrolled = keys.get(key)
            since = f"enrolled by {_name(enrolled.by.name)}, entry {enrolled.n}" if enrolled else ""
            why = f"; revoked in entry {end.n} by {_name(end.by.name)}" if end else ""
            more = _person(end.content.because) if end else ""
            note = " ".join(part for part in (f"{says}." if says == "on paper, to come back with" else "", since + why) if part)
            held.append(f'<p class="type">{_t(key)}</p><p class="tiny">{note}</p>{more}')
        rows.append(f'<tr><td class="name">{_name(one.name)}</td><td>{_t(", ".join(one.roles))}</td><td>{"".join(held)}</td></tr>')
    people = f'<table class="seats"><thead><tr><th>Who</th><th>Seat</th><th>Keys</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    charter = book.charter
    leaves = charter.content.leaves if charter else ()
    out = f'<p class="small gap">May leave the machine: {_t(", ".join(leaves))}.</p>' if leaves else '<p class="small gap">Nothing may leave the machine.</p>'
    stricter = f'<p class="small">Made a person’s decision here: {_t(", ".join(charter.content.stricter))}.</p>' if charter and charter.content.stricter else ""
    signed = _sign(charter, "who decides what") if charter else '<p class="mark small">Nobody has said yet who decides what.</p>'
    return _plate("The crew", people + (out + stricter if charter else "") + signed, '<p class="small">A key stands for a person because a producer said so, and signed it.</p>')


def _key_of(line: Line[Enrol], book: Book) -> str | None:
    """Which of the person's keys an enrolment gave them."""
    wire = line.content.key.public.split(" ")
    try:
        digest = hashlib.sha256(base64.b64decode(wire[1] if len(wire) > 1 else wire[0], validate=True)).digest()
    except ValueError:
        return None
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


# ---- the machine, and the check


def _machine(chronicle: Chronicle) -> str:
    done = chronicle.machine
    rows = "".join(f"<tr><td>{_t(one.says[0].upper() + one.says[1:])}</td><td>{_t(_span(one.start, one.end))}</td></tr>" for one in done)
    files = "".join(f"<li>{_t(name.rsplit('/', 1)[-1])}</li>" for one in done if one.task in ("export", "import") for name in one.files)
    out = f'<h3 class="gap">Timelines out and in</h3><ul class="machine">{files}</ul>' if files else ""
    handed = [judgment for judgment in Judgment if chronicle.book.seat(judgment).machine]
    side = f"Handed to it: {', '.join(handed)}." if handed else "No judgment is handed to it."
    return _plate("What the machine did", f'<table class="work"><tbody>{rows}</tbody></table>{out}' if rows else "", f'<p class="small">{_t(side)}</p>')


def _span(start: str, end: str) -> str:
    first, last = day(start).split(",")[0], day(end).split(",")[0]
    return first if first == last else f"{first} to {last}"


def _check(chronicle: Chronicle, check: str, file: str) -> str:
    """How somebody who trusts nobody checks it."""
    book, report = chronicle.book, chronicle.report
    producers = [one for one in book.people.values() if "producer" in one.roles and one.live]
    first = book.founder if book.founder in producers else (producers[0] if producers else None)
    key = next((key for key in first.live if book.purpose(key) == "daily"), None) if first else None
    found = [("Nothing wrong found" if not report.findings else "What does not hold is listed at the top of this page") + f", in {_count(report.entries, 'entry', 'entries')}. " + report.vouched]
    found += [f"{_count(report.withheld, 'entry is', 'entries are')} here without words, which this copy withholds; the seals hold the chain."] if report.withheld else []
    found += [f"Newer than this release, and checked as part of the chain only: {', '.join(sorted(report.newer))}."] if report.newer else []
    found += list(report.notes)
    ask = (
        f"<p>First ask {_name(first.name)}, by telephone or in person and not from this page, whether this is the key:</p><p class=\"type\">{_t(key)}</p>" if first and key else
        "<p>Nobody has signed yet, so there is nobody to ask.</p>"
    )  # fmt: skip
    quoted = f'"{file}"' if " " in file else file
    command = f"python {check} {quoted}" + (f" --producer {key}" if key else "")
    return _plate(
        "How to check this",
        "<p>This page is a reading. What counts is the record itself, one file, which anybody can check with one program that needs nothing of ours.</p>"
        f'<div class="gap">{ask}</div><p class="gap">Then, with both files in one folder, Python and its package cryptography:</p><pre>{_t(command)}</pre>'
        f'<p>The last seal when this page was made. Whoever notes it can see later whether an end was cut off (--held):</p><p class="type">{report.entries}:{_t(report.head)}</p>'
        f'<h3 class="gap">What the check found when this page was made</h3>{_machine_says(found)}'
        '<h3 class="gap">What it cannot say</h3><p class="small">A change shows; it is not prevented. What the machine wrote after the last signature could have been rebuilt by whoever '
        "owns the disk. An end that was cut off shows only against a checkpoint or a seal that somebody else holds. A time is what a computer’s clock said; the order is certain. "
        "A signature proves a key and a gesture, not attention, and not taste.</p>",
    )


# ---- in order


def _log(chronicle: Chronicle) -> str:
    rows = []
    for row in told.rows(chronicle, brief=True):
        number = f"{row.first}" if row.first == row.last else f"{row.first} to {row.last}"
        who = f'<td>{_t(row.written)}</td>' if row.who is None else f'<td class="name">{_name(row.who)}</td>'
        says = f'<span class="struck">{_t(row.says)}</span> (struck)' if row.struck else _t(row.says)
        rows.append(f'<tr{" class=m" if row.who is None else ""}><td>{number}</td><td>{_t(day(row.at).removesuffix(" UTC"))}</td>{who}<td dir="auto">{says}</td></tr>\n')
    head = "<thead><tr><th>Entry</th><th>When, UTC</th><th>Who</th><th>What</th></tr></thead>"
    return f'<section class="plate whole"><div class="side"><h2>In order</h2></div><div><table class="log">{head}<tbody>\n{"".join(rows)}</tbody></table></div></section>\n' if rows else ""
