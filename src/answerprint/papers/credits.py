"""The credits of a film: who decided what, and what the machine was. In the order of the work, nobody before anybody else."""

from __future__ import annotations

from collections.abc import Sequence

from answerprint.book import Book, Line
from answerprint.choosing import told
from answerprint.chronicle import about
from answerprint.claims import AGENT, Handed, Stood, standing
from answerprint.desk import Desk
from answerprint.films import Film
from answerprint.model.charter import Judgment
from answerprint.model.judgments import Release, SignOff, Stand
from answerprint.papers.sheet import Called, listed, page, sign
from answerprint.record_style import items, name, person, plate, text

__all__ = ["html"]


def html(desk: Desk, film: Film, line: Line[SignOff] | Line[Release], handed: Sequence[Handed], called: Called, *, absent: Sequence[str], words: bool) -> str:
    """The page of one film, as it stood when it was answered for.

    Args: absent: what is not in this film, in sentences.  words: what people said beside their part may stand here.
    """
    book, title = desk.book, str(desk.production.settings["title"])
    assert book is not None
    given = {one.judgment: one for one in handed}
    plates = [_judgment(judgment, standing(desk, film, judgment, line.n), given.get(str(judgment)), called) for judgment in Judgment if judgment != Judgment.SIGN_OFF]
    answer = "signed it off" if isinstance(line.content, SignOff) else "released it, not signed off"
    plates += [
        plate("Sign-off", sign(called(line.by.name, "" if isinstance(line.content, SignOff) else "producer"), answer, line.at, line.n, full=True)),
        _stands(book, line, called, words),
        _crew(book, called),
        plate("The machine", f'<p class="machine">{text(AGENT)} prepared the material, rendered the film and checked it. It holds no judgment but what is listed here as handed to it.</p>'),
        listed("Not in this film", [called.clear(one) for one in absent], "Every judgment that there is, this film has."),
    ]
    lede = (f"{film.file}: {film.version} for {film.spec}.", "Who decided what about this film, from the record. Each decision was signed by the person under it, in the entry that is named.")
    return page(f"{title}: who decided what", "Credits", title, lede, plates)


def _judgment(judgment: Judgment, made: Sequence[Stood], handed: Handed | None, called: Called) -> str:
    if handed is not None:
        because = person(handed.because) if called.names else ""
        return plate(_cap(judgment), f'<p class="machine">Handed to the machine.</p>{because}<p class="sign"><cite>{name(called(handed.by, "producer"))}</cite><span class="tiny">entry {handed.entry}</span></p>')
    if not made:
        return plate(_cap(judgment), '<p class="small">Nobody signed a decision on it.</p>')
    gestures: dict[int, list[Stood]] = {}
    for one in made:
        gestures.setdefault(one.n, []).append(one)
    blocks = []
    for n, ones in gestures.items():
        rows = "".join(_choice(one, called) for one in ones)
        blocks.append(f'<ol class="choices">{rows}</ol>{sign(called(ones[0].by.name), "", ones[0].at, n)}')
    return plate(_cap(judgment), "".join(f'<div class="gesture">{one}</div>' for one in blocks))


def _choice(one: Stood, called: Called) -> str:
    over = f'<span class="tiny">over {len(one.decided.over)} other{"s" if len(one.decided.over) != 1 else ""}</span>' if one.decided.over else ""
    because = person(one.decided.because) if called.names else ""
    return f'<li><span class="small">{text(_cap(about(one.decided.about)))}</span><span><b dir="auto">{text(called.file(told(one.decided.choice)))}</b>{over}</span>{because}</li>'


def _stands(book: Book, line: Line[SignOff] | Line[Release], called: Called, words: bool) -> str:
    said = [one for one in book.of(Stand) if one.n <= line.n]
    parts = [f"<h3>{text(_cap(one.content.part))}, {text(about(one.content.about))}</h3>{person(one.content.text) if words and called.names else ''}{sign(called(one.by.name), '', one.at, one.n)}" for one in said]
    return plate("Who stands behind it", items(parts), '<p class="small">Nobody has to.</p>')


def _crew(book: Book, called: Called) -> str:
    if not called.names:
        return plate("Crew", '<p class="small">Names are left out of these papers.</p>')
    rows = "".join(f'<tr><td class="name">{name(one.name)}</td><td>{text(", ".join(one.roles))}</td></tr>' for one in book.people.values())
    return plate("Crew", f"<table><tbody>{rows}</tbody></table>", '<p class="small">Everybody who was put on the crew, with a key.</p>') if rows else ""


def _cap(words: str) -> str:
    return words[:1].upper() + words[1:]
