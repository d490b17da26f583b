"""The record as a page: who decided what, over what, and why, with the machine's work beside it. One HTML file, to read and to print.

Every name and every reason in it is somebody else's text and is escaped; the page has no script, no inline style, and asks for nothing
from outside.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import Any

from answerprint import chronicle as told
from answerprint import record_style as page
from answerprint.book import Book, Line, Raised
from answerprint.chronicle import Chronicle, about, chosen, day
from answerprint.crew import services
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Decided, Decision, Enrol, Intent, Newer, Refusal, Release, Revoke, SignOff, Stand

__all__ = ["html"]

_ANSWERS = {"yes": "Yes.", "no": "No.", "withdrawn": "Withdrawn."}
_NEXT = {"strings": "from an empty timeline, with the strings", "assembly": "from the first assembly", "this cut": "from this cut"}
_OUTCOMES = {"approved": "Approved.", "changes": "Changes wanted.", "refused": "Refused."}
_ASKED = {"sentence": "The film in one sentence", "rhythm": "Rhythm", "palette": "Palette", "music": "Music", "take": "The take I remember"}


def html(chronicle: Chronicle, *, title: str, client: str = "", check: str = "verify.py", file: str = "record.db") -> str:
    """The record as a self-contained page.

    Args:   title, client: of the production.  check, file: what the reader is told to run, over what.
    Returns: HTML that holds under `default-src 'none'` and the hash of its one style sheet, and says so itself.
    """
    book = chronicle.book
    allowed = "sha256-" + base64.b64encode(hashlib.sha256(f"\n{page.SHEET}".encode()).digest()).decode()
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
            f"<title>{page.text(title)}: the record</title>\n<style>\n{page.SHEET}</style>\n</head>\n<body>\n<main>\n",
            _opening(chronicle, title, client),
            *plates,
            "</main>\n</body>\n</html>\n",
        ]
    )


# ---- the opening


def _opening(chronicle: Chronicle, title: str, client: str) -> str:
    book, report = chronicle.book, chronicle.report
    dates = f"{_span(chronicle.entries[0].at, chronicle.entries[-1].at)}. " if chronicle.entries else ""
    signed = f"{report.signed} of them signed by {page.count(len({line.by.id for line in book.lines}), 'person', 'people')}."
    counted = page.count(report.entries, "entry", "entries") + (f", {signed}" if report.signed else ". Nobody has signed yet.")
    person = '<div><p class="person">What a person said stands like this,</p><p class="sign"><cite>with their name under it.</cite></p></div>' if book.people else ""
    return (
        f'<header><p class="small">The record of</p><h1 dir="auto">{page.text(title)}</h1>' + (f'<p class="small">{page.text(client)}</p>' if client else "")
        + f'<p class="lede">Who decided what, over what, and why; and what the machine did beside it. {page.text(dates)}{counted}</p>'
        + f'<div class="how">{person}<p class="machine">What the machine did, and what it found when it checked this record, stands like this.</p></div></header>\n'
    )  # fmt: skip


def _unsound(chronicle: Chronicle) -> str:
    """What could not be verified comes first."""
    report = chronicle.report
    found = [str(one) for one in report.findings] + ([f"And {report.more} more."] if report.more else [])
    return page.plate("What does not hold", "".join(f'<p class="mark stop machine">{page.text(one)}</p>' for one in found), "<p class=\"small\">Entries that do not verify count for nothing on this page.</p>")


# ---- the question


def _question(book: Book) -> str:
    lines = [line for line in book.lines if isinstance(line.content, (SignOff, Refusal, Release))]
    asked = next((line.content.question for line in reversed(lines) if isinstance(line.content, (SignOff, Refusal))), "")
    holder = book.holder(Judgment.SIGN_OFF)
    seat = _seat(book, Judgment.SIGN_OFF)
    if not lines:
        who = f"{page.name(holder.name)} has not answered the question yet." if holder else "Nobody holds the sign-off yet."
        return page.plate("The sign-off", f'<p class="mark">{who}</p>', seat)
    question = f'<p class="question" dir="auto">{page.text(asked)}</p>' if asked else ""
    return page.plate("The sign-off", question + page.items(_said_to_question(line, book) for line in lines), seat)


def _said_to_question(line: Line[Any], book: Book) -> str:
    one = line.content
    if isinstance(one, SignOff):
        opened = f'<p class="small">The first thought, opened in entry {one.intent}, stood beside the cut.</p>' if one.intent else ""
        with_it = f'<p class="small">In the same gesture: {page.text("; ".join(f"{each.judgment} of {about(each.about)}" for each in one.decisions))}.</p>' if one.decisions else ""
        words = page.person("Yes.", large=True)
        return words + page.cuts(one.cuts) + opened + with_it + _not_checked(one.not_checked) + page.sign(line, full=True)
    if isinstance(one, Refusal):
        says = f'<p class="small">Scrapped. The next one starts {page.text(_NEXT[one.next])}.</p>'
        return page.person("No.", large=True) + page.person(one.because) + page.cuts(one.cuts) + says + page.sign(line, full=True)
    missing = page.machine(["What the gate still missed: " + "; ".join(one.missing)]) if one.missing else ""
    words = '<p class="small">Released by a producer, not signed.</p>'
    return words + page.person(one.because, large=True) + page.cuts(one.cuts) + missing + _not_checked(one.not_checked) + page.sign(line, full=True)


def _not_checked(names: Sequence[str]) -> str:
    return f'<div class="near">{page.machine(["Not checked: " + ", ".join(names)])}</div>' if names else ""


def _thoughts(book: Book) -> str:
    """Each first thought, sealed, skipped or opened."""
    opening = {line.content.opens: line for line in book.intents if line.content.opens is not None}
    parts = []
    for line in book.intents:
        one: Intent = line.content
        if one.opens is not None:
            continue
        if one.skipped:
            parts.append('<p class="small">No first thought was said.</p>' + page.sign(line))
        elif (opened := opening.get(line.n)) is not None and opened.content.content:
            said = sorted(opened.content.content.items(), key=lambda pair: (list(_ASKED).index(pair[0]) if pair[0] in _ASKED else len(_ASKED), pair[0].partition(" ")[2]))
            asked = "".join(f"<div><dt>{page.text(name)}</dt><dd>{page.person(words, large=True)}</dd></div>" for name, words in (_asked(*one) for one in said) if words)
            sealed = f"sealed {page.text(day(line.at))}, entry {line.n}; opened"
            parts.append(f'<dl class="thought">{asked}</dl>' + page.sign(opened, sealed))
        else:
            parts.append('<p class="small">Sealed, and not opened yet. Only its author can open it.</p>' + page.sign(line, "sealed"))
    parts += [_withheld("first thought", line) for line in _lacking(book, "intent")]
    return page.plate("The first thought", page.items(parts), '<p class="small">Sealed before any picture of the machine’s, to be opened beside the cut.</p>')


def _asked(name: str, words: str) -> tuple[str, str]:
    """A part of a first thought as a person reads it; of what was brought along its name, not its seal."""
    if name.startswith("file "):
        return "Brought along", words.partition(" ")[2]
    return ("Said in it" if name.startswith("said ") else _ASKED.get(name, name)), words


def _lacking(book: Book, kind: str) -> list[Line[Any]]:
    """Signed entries of a kind whose words this copy withholds."""
    return [line for line in book.lines if isinstance(line.content, Newer) and line.content.schema == 0 and line.content.kind == kind]


def _withheld(what: str, line: Line[Any]) -> str:
    return f'<p class="small">The words of this {what} are not in this copy. The seal of what was signed is.</p>' + page.sign(line)


# ---- judgments


def _seat(book: Book, judgment: str) -> str:
    held = book.seat(judgment)
    if held.machine:
        charter = book.charter
        by = f'<p class="sign"><cite>{page.name(charter.by.name)}</cite></p>' if charter else ""
        return f'<p class="machine">Handed to the machine.</p>{page.person(held.because)}{by}'
    holder = book.holder(judgment)
    return f'<p class="sign"><cite>{page.name(holder.name)}</cite><span class="tiny">holds it</span></p>' if holder else '<p class="mark small">An empty chair.</p>'


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
        saw = f'<p class="tiny">Had seen before choosing: {page.text(", ".join(content.saw))}.</p>' if isinstance(content, Decision) and content.saw else ""
        blocks.append(f'<div class="gesture"><ol class="choices">{listed}</ol>{page.sign(line, page.text(what))}{saw}</div>')
    beside = _beside(chronicle, judgment)
    if not blocks and not beside and book.charter is None:
        return ""
    inside = "".join(blocks) or ('<p class="small">Nothing of it was decided by a person.</p>' if book.seat(judgment).machine else '<p class="small">Not decided.</p>')
    return page.plate(judgment.capitalize(), inside, _seat(book, judgment), beside)


def _choice(one: Decided, *, stands: bool) -> str:
    over = f'<span class="tiny">over {page.text(_others(one.over))}</span>' if one.over else ""
    gone = "" if stands else '<span class="tiny">replaced since, or struck</span>'
    return f'<li{"" if stands else " class=gone"}><span class="small">{page.text(about(one.about).capitalize())}</span><span><b dir="auto">{page.text(chosen(one.choice))}</b>{over}{gone}</span>{page.person(one.because)}</li>'


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
    laid = "".join(f"<li>{page.text(done[task])}</li>" for task in tasks if task in done)
    return f'<div class="machine">Laid out for it by the machine:<ul>{laid}</ul></div>' if laid else ""


def _stricter(chronicle: Chronicle) -> str:
    """Executions that this production made a person's decision."""
    charter = chronicle.book.charter
    return "".join(_judgment(chronicle, one) for one in (charter.content.stricter if charter else ()))


# ---- what was argued


def _objections(book: Book) -> str:
    side = '<p class="small">An objection waits until a named person answers it. The answer may be no, with a reason.</p>'
    return page.plate("Objections", page.items(_objection(one) for one in book.objections), side)


def _objection(one: Raised) -> str:
    line = one.line
    if isinstance(line.content, Newer):
        return f"<h3>{one.number}</h3>" + _withheld("objection", line) + '<p class="small">Whether it was answered, and how, is not in this copy either.</p>'
    taken = f'<p class="tiny">Taken up from a machine critic’s idea, entry {line.content.idea}.</p>' if line.content.idea is not None else ""
    says = f"<h3>{one.number}, on {page.text(about(line.content.on))}</h3>{page.person(line.content.text, large=True)}{page.sign(line)}{taken}"
    if one.answer is not None:
        answer = one.answer.content
        return f'{says}<div class="thread"><p class="answer small">{_ANSWERS[answer.answer]}</p>{page.person(answer.because)}{page.sign(one.answer)}</div>'
    return says if line.struck else f'{says}<div class="thread"><p class="mark stop">Open. Nobody has answered.</p></div>'


def _said(chronicle: Chronicle) -> str:
    """Ideas of the machine's critics and remarks: neither blocks anything, neither is signed."""
    parts = []
    for entry, body in chronicle.said:
        what = "idea" if entry.kind == "idea" else "remark"
        if body is None:
            parts.append(f'<p class="small">The words of this {what} are not in this copy.</p><p class="tiny">{page.text(day(entry.at))}, entry {entry.n}</p>')
            continue
        text, on = str(body.get("text", "")), about(str(body.get("on") or "film:master"))
        if what == "idea":
            critic = str(body.get("critic", ""))
            parts.append(f'<h3>On {page.text(on)}</h3><p class="machine">{page.text(text)}</p><p class="tiny">{page.text(f"the {critic} critic’s idea" if critic else "a critic’s idea")}, entry {entry.n}</p>')
        else:
            by = str(body.get("by", ""))
            parts.append(f'<h3>On {page.text(on)}</h3>{page.person(text)}<p class="tiny">said to be by {page.name(by)}, not signed, {page.text(day(entry.at))}, entry {entry.n}</p>')
    return page.plate("Ideas and remarks", page.items(parts), '<p class="small">A critic’s idea blocks nothing until a person makes it theirs. A remark is not signed.</p>')


def _stands(book: Book) -> str:
    parts = [f"<h3>{page.text(line.content.part.capitalize())}, {page.text(about(line.content.about))}</h3>{page.person(line.content.text)}{page.sign(line)}" for line in book.of(Stand)]
    parts += [_withheld("statement", line) for line in _lacking(book, "stand")]
    return page.plate("Who stands behind it", page.items(parts), '<p class="small">Nobody has to.</p>')


def _rounds(book: Book) -> str:
    """What went out, and what came back."""
    parts = []
    for line in book.rounds:
        sent = line.content
        back = []
        for said in book.approvals:
            if said.content.round == line.n:
                wanted = "".join(f"<li>{page.text(one)}</li>" for one in said.content.changes)
                told_by = f'<p class="sign"><span class="tiny">told by</span> <cite>{page.name(said.by.name)}</cite><span class="tiny">{page.text(day(said.at))}, entry {said.n}</span></p>'
                back.append(f'<p><span class="answer">{_OUTCOMES[said.content.outcome]}</span> <span class="small">{page.name(said.content.contact)}</span></p>' + (f'<ul class="facts">{wanted}</ul>' if wanted else "") + told_by)
        heard = "".join(back) or '<p class="mark small">Nothing came back yet.</p>'
        parts.append(f'<h3>{page.text(sent.label)}, to {page.name(sent.to)}</h3>{page.cuts(sent.cuts)}{page.sign(line, "sent")}<div class="thread">{heard}</div>')
    return page.plate("Rounds", page.items(parts), '<p class="small">What a client approves is their approval of exactly these cuts. It is not the sign-off.</p>')


# ---- who


def _crew(book: Book) -> str:
    if not book.people:
        return page.plate("The crew", '<p class="mark">Nobody is on the crew yet.</p>')
    keys = {key: line for line in book.of(Enrol) for key in [_key_of(line, book)] if key}
    revoked = {line.content.key: line for line in book.of(Revoke)}
    rows = []
    for one in book.people.values():
        held = []
        for key in one.keys:
            end = revoked.get(key)
            says = {"recovery": "on paper, to come back with", "daily": "", "revoked": "revoked"}[book.purpose(key)]
            enrolled = keys.get(key)
            since = f"enrolled by {page.name(enrolled.by.name)}, entry {enrolled.n}" if enrolled else ""
            why = f"; revoked in entry {end.n} by {page.name(end.by.name)}" if end else ""
            more = page.person(end.content.because) if end else ""
            note = " ".join(part for part in (f"{says}." if says == "on paper, to come back with" else "", since + why) if part)
            held.append(f'<p class="type">{page.text(key)}</p><p class="tiny">{note}</p>{more}')
        rows.append(f'<tr><td class="name">{page.name(one.name)}</td><td>{page.text(", ".join(one.roles))}</td><td>{"".join(held)}</td></tr>')
    people = f'<table class="seats"><thead><tr><th>Who</th><th>Seat</th><th>Keys</th></tr></thead><tbody>{"".join(rows)}</tbody></table>'
    charter = book.charter
    leaves = charter.content.leaves if charter else ()
    told = services(charter.content) if charter else []
    out = f'<p class="small gap">Let leave in general: {page.text(", ".join(leaves))}. Nothing goes by that any more: a service is let by its name.</p>' if leaves else ""
    out += "" if told else '<p class="small gap">No service may be asked: nothing leaves the machine.</p>'
    asked = "".join(f'<p class="small">{page.text(one[0].upper() + one[1:])}.</p>' for one in told)
    stricter = f'<p class="small">Made a person’s decision here: {page.text(", ".join(charter.content.stricter))}.</p>' if charter and charter.content.stricter else ""
    signed = page.sign(charter, "who decides what") if charter else '<p class="mark small">Nobody has said yet who decides what.</p>'
    return page.plate("The crew", people + (out + asked + stricter if charter else "") + signed, '<p class="small">A key stands for a person because a producer said so, and signed it.</p>')


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
    rows = "".join(f"<tr><td>{page.text(one.says[0].upper() + one.says[1:])}</td><td>{page.text(_span(one.start, one.end))}</td></tr>" for one in done)
    files = "".join(f"<li>{page.text(name.rsplit('/', 1)[-1])}</li>" for one in done if one.task in ("export", "import") for name in one.files)
    out = f'<h3 class="gap">Timelines out and in</h3><ul class="machine">{files}</ul>' if files else ""
    handed = [judgment for judgment in Judgment if chronicle.book.seat(judgment).machine]
    side = f"Handed to it: {', '.join(handed)}." if handed else "No judgment is handed to it."
    return page.plate("What the machine did", f'<table class="work"><tbody>{rows}</tbody></table>{out}' if rows else "", f'<p class="small">{page.text(side)}</p>')


def _span(start: str, end: str) -> str:
    first, last = day(start).split(",")[0], day(end).split(",")[0]
    return first if first == last else f"{first} to {last}"


def _check(chronicle: Chronicle, check: str, file: str) -> str:
    """How somebody who trusts nobody checks it."""
    book, report = chronicle.book, chronicle.report
    producers = [one for one in book.people.values() if "producer" in one.roles and one.live]
    first = book.founder if book.founder in producers else (producers[0] if producers else None)
    key = next((key for key in first.live if book.purpose(key) == "daily"), None) if first else None
    found = [("Nothing wrong found" if not report.findings else "What does not hold is listed at the top of this page") + f", in {page.count(report.entries, 'entry', 'entries')}. " + report.vouched]
    found += [f"{page.count(report.withheld, 'entry is', 'entries are')} here without words, which this copy withholds; the seals hold the chain."] if report.withheld else []
    found += [f"Newer than this release, and checked as part of the chain only: {', '.join(sorted(report.newer))}."] if report.newer else []
    found += list(report.notes)
    ask = (
        f"<p>First ask {page.name(first.name)}, by telephone or in person and not from this page, whether this is the key:</p><p class=\"type\">{page.text(key)}</p>" if first and key else
        "<p>Nobody has signed yet, so there is nobody to ask.</p>"
    )  # fmt: skip
    quoted = f'"{file}"' if " " in file else file
    command = f"python {check} {quoted}" + (f" --producer {key}" if key else "")
    return page.plate(
        "How to check this",
        "<p>This page is a reading. What counts is the record itself, one file, which anybody can check with one program that needs nothing of ours.</p>"
        f'<div class="gap">{ask}</div><p class="gap">Then, with both files in one folder, Python and its package cryptography:</p><pre>{page.text(command)}</pre>'
        f'<p>The last seal when this page was made. Whoever notes it can see later whether an end was cut off (--held):</p><p class="type">{report.entries}:{page.text(report.head)}</p>'
        f'<h3 class="gap">What the check found when this page was made</h3>{page.machine(found)}'
        '<h3 class="gap">What it cannot say</h3><p class="small">A change shows; it is not prevented. What the machine wrote after the last signature could have been rebuilt by whoever '
        "owns the disk. An end that was cut off shows only against a checkpoint or a seal that somebody else holds. A time is what a computer’s clock said; the order is certain. "
        "A signature proves a key and a gesture, not attention, and not taste.</p>",
    )


# ---- in order


def _log(chronicle: Chronicle) -> str:
    rows = []
    for row in told.rows(chronicle, brief=True):
        number = f"{row.first}" if row.first == row.last else f"{row.first} to {row.last}"
        who = f'<td>{page.text(row.written)}</td>' if row.who is None else f'<td class="name">{page.name(row.who)}</td>'
        says = f'<span class="struck">{page.text(row.says)}</span> (struck)' if row.struck else page.text(row.says)
        rows.append(f'<tr{" class=m" if row.who is None else ""}><td>{number}</td><td>{page.text(day(row.at).removesuffix(" UTC"))}</td>{who}<td dir="auto">{says}</td></tr>\n')
    head = "<thead><tr><th>Entry</th><th>When, UTC</th><th>Who</th><th>What</th></tr></thead>"
    return f'<section class="plate whole"><div class="side"><h2>In order</h2></div><div><table class="log">{head}<tbody>\n{"".join(rows)}</tbody></table></div></section>\n' if rows else ""
