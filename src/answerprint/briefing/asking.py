"""What a brief is silent about, asked as a director would ask it; and what in it does not add up, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from answerprint.briefing.brief import CORE, Brief, Field, Point
from answerprint.briefing.heads import OPEN, bare
from answerprint.briefing.mail import around, opened

__all__ = ["ASKS", "Note", "Question", "lengths_s", "notes", "questions", "told"]

ASKS: Mapping[Field, str] = {
    "client": "Who is the client, and who there has the last word?",
    "product": "What is the product in one plain sentence, and which one will be on set: the real one, a dummy, a pack that is not final?",
    "audience": "Who is it for? One person, by age and place, and what they do today instead.",
    "message": "If people keep one sentence of it, which?",
    "aim": "What should somebody do after seeing it that they do not do now?",
    "tone": "Which three films feel as this one should, and which one must it never feel like?",
    "must-haves": "What has to be seen or said, so that the film is wrong without it?",
    "mandatories": "Which legal lines, logos and end card are fixed, in which languages, and for how long must each stand?",
    "deliverables": "Which lengths, shapes and languages, and which of them is the film that the others are cut from?",
    "people": "Who is seen: actors, staff, real customers, nobody? Who is cast by whom?",
    "places": "Where does it happen, and is that place ours, somebody's, or to be found?",
    "references": "Which film do you keep coming back to, and what in it: the light, the pace, the joke?",
    "budget": "What is there to spend, in which currency, and does it hold usage, cast, music and versions?",
    "dates": "When is it on air, and which day before that cannot move?",
    "approval": "Who sees the first cut, how many rounds are there, and who of them can say no alone?",
}
#: Asked after what no film is begun without.
_ALSO: tuple[Field, ...] = ("message", "aim", "tone", "deliverables", "people", "references", "approval")
#: January to December, Monday to Sunday, in the languages whose heads are known; as they are written whole, and in English short.
_MONTHS = {bare(name): number for number, names in enumerate((
    "january jan januar janvier enero gennaio januari", "february feb februar février febrero febbraio februari", "march mar märz mars marzo maart", "april apr avril abril aprile", "may mai mayo maggio mei",
    "june jun juni juin junio giugno", "july jul juli juillet julio luglio", "august aug août agosto augustus", "september sept sep septembre septiembre settembre", "october oct oktober octobre octubre ottobre",
    "november nov novembre noviembre", "december dec dezember décembre diciembre dicembre",
), start=1) for name in names.split()}  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = {bare(name): number for number, names in enumerate((
    "mon monday montag lundi lunes lunedì maandag", "tue tues tuesday dienstag mardi martes martedì dinsdag", "wed weds wednesday mittwoch mercredi miércoles mercoledì woensdag",
    "thu thur thurs thursday donnerstag jeudi jueves giovedì donderdag", "fri friday freitag vendredi viernes venerdì vrijdag", "sat saturday samstag sonnabend samedi sábado sabato zaterdag", "sun sunday sonntag dimanche domingo domenica zondag",
)) for name in names.split()}  # fmt: skip
_WORD_DAY = rf"(?:\b(?P<day>{'|'.join(sorted(_DAY, key=len, reverse=True))})\b\.?,?\s+(?:the\s+|den\s+|le\s+|el\s+|il\s+)?)?"
#: What a letter in English means by a month: "mars" is a bar there.
_ENGLISH_MONTH = "january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|september|sept|sep|october|oct|november|nov|december|dec"
_WORD_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = tuple(
    re.compile(_WORD_DAY + shape, re.IGNORECASE)
    for shape in (
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)?(?:\s+(?:of|de))?\.?\s+(?P<m>{_WORD_MONTH})\b\.?,?\s+(?:de\s+)?(?P<y>\d{{4}})",
        rf"(?P<m>{_WORD_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})",
        r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})",
        r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})",
    )
)
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{2,4})\b")
_LENGTH = re.compile(r"(?<![\d.:])(\d{1,3})(?:\s*[-–]?\s*(?:seconds?|secs?|s|sekunden|sek|secondes|segundos|secondi|seconden|seg)\b|\s*(?:\"|″|”|''))", re.IGNORECASE)
_SHAPE = re.compile(r"\b(?:16:9|9:16|1:1|4:5|4:3|2\.39|landscape|portrait|vertical|square|horizontal|widescreen|hochformat|querformat|quadratisch|vertikal|paysage|vertical(?:e|es)?|carré|cuadrado|horizontal(?:e|es)?|verticale|orizzontale|quadrato|staand|liggend|vierkant|1080x1920|1920x1080)\b", re.IGNORECASE)
_MONEY = re.compile(r"[€$£¥₹]|\b(?:eur|usd|gbp|chf|jpy|cad|aud|nok|sek|dkk|pln|czk|inr|brl|mxn|euros?|dollars?|pounds?|francs?|kroner?|kronor)\b", re.IGNORECASE)
_AIR = re.compile(r"\b(?:on[- ]?air|online|air(?:s|ing|date| date)?|live|launch(?:es)?|broadcast|publish(?:ed)?|transmission|tx|release[sd]?|premiere|goes? out|posted|starts? running|ausstrahlung|sendestart|sendetermin|online-?start|schaltung|kampagnenstart|veröffentlichung|diffusion|mise en ligne|antenne|lancement|emisión|en antena|publicación|lanzamiento|messa in onda|in onda|lancio|uitzending|uitzenddatum|lancering)\b", re.IGNORECASE)
#: Words that speak of a field in the middle of a letter, under no heading.
_CUES: Mapping[Field, re.Pattern[str]] = {
    "budget": re.compile(rf"{_MONEY.pattern}|\b\d+(?:[.,]\d+)?\s?k\b|\bbudget\b", re.IGNORECASE),
    "dates": re.compile(rf"\b(?:{_ENGLISH_MONTH}|{'|'.join(_DAYS)}|christmas|easter|deadline)\b(?!\s+(?:be|have|need|not|also)\b)", re.IGNORECASE),
    "deliverables": re.compile(rf"\b(?:instagram|tiktok|youtube|facebook|linkedin|television|cinema|tv|reels?)\b|{_LENGTH.pattern}", re.IGNORECASE),
    "references": re.compile(r"https?://|\b(?:think of(?! (?:them|it|him|her|us|me|you)(?:sel\w+)?\b)|reminds? (?:us|me) of|in the style of|the ad with|like the (?:ad|film|spot))\b", re.IGNORECASE),
    "audience": re.compile(r"\b(?:target|aimed at|customers|for people who|aged)\b", re.IGNORECASE),
    "places": re.compile(r"\bshoot (?:it )?(?:in|at|on)\b", re.IGNORECASE),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something to ask before anything is drawn."""

    about: Field
    asks: str
    line: int | None = None  #: of the brief, where it leaves something open or only mentions it; None where it is silent
    says: str = ""  #: what stands there: "TBC", or the sentence that mentions it


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something in the brief that does not add up, or that can be read in two ways."""

    line: int
    says: str


def questions(brief: Brief) -> tuple[Question, ...]:
    """What to ask: first what no film is begun without, then the rest, then what is said by half."""
    return (*_silent(brief, CORE), *_silent(brief, _ALSO), *_halves(brief))


def _silent(brief: Brief, fields: tuple[Field, ...]) -> Iterator[Question]:
    for field in fields:
        if brief.says(field):
            continue
        left = brief.open(field)
        heard = _heard(brief, field) if not left else None
        one = left[0] if left else heard
        yield Question(about=field, asks=ASKS[field], line=one.line if one else None, says=one.text if one else "")


def _heard(brief: Brief, field: Field) -> Point | None:
    """The first sentence under no known heading that speaks of a field."""
    cue = _CUES.get(field)
    if cue is None:
        return None
    everywhere = [one for points in brief.others.values() for one in points] + list(brief.says("background"))
    for one in everywhere:
        for sentence in re.split(r"(?<=[.!?])\s+", one.text):
            if cue.search(sentence):
                return Point(text=sentence, line=one.line, under=one.under)
    return None


def _halves(brief: Brief) -> Iterator[Question]:
    for field in (*CORE, *_ALSO):
        if brief.says(field):
            for one in brief.open(field):
                yield Question(about=field, asks=f"“{one.under}” is left open. When is it known, and who says so?", line=one.line, says=one.text)
            for one in brief.says(field):
                for part in re.split(r"[,;]\s+|(?<=[.!?])\s+", one.text):
                    if OPEN.search(part):
                        yield Question(about=field, asks=f"“{part.strip(' .')}” is left open. When is it known, and who says so?", line=one.line, says=one.text)
    budget = brief.says("budget")
    if budget and any(re.search(r"\d", one.text) for one in budget) and not any(_MONEY.search(f"{one.text} {one.under}") for one in budget):
        yield Question(about="budget", asks="In which currency is that?", line=budget[0].line, says=budget[0].text)
    if budget and not any(re.search(r"\d", one.text) for one in budget):
        yield Question(about="budget", asks="Is there a figure, or a range that nobody would call wrong?", line=budget[0].line, says=budget[0].text)
    dates = brief.says("dates")
    if dates and not any(_AIR.search(f"{one.text} {one.under}") for one in dates):
        yield Question(about="dates", asks="Which of these dates is the one on air, and which cannot move?", line=dates[0].line, says=dates[0].text)
    deliverables = brief.says("deliverables")
    everything = [one for found in brief.points.values() for one in found] + [one for found in brief.others.values() for one in found]
    if deliverables and not any(_LENGTH.search(f"{one.under} {one.text}") for one in everything):
        yield Question(about="deliverables", asks="How long is it?", line=deliverables[0].line)
    if deliverables and not any(_SHAPE.search(one.text) for one in everything):
        yield Question(about="deliverables", asks="In which shapes: 16:9, 9:16, 1:1, 4:5? What is framed for first?", line=deliverables[0].line)


def lengths_s(brief: Brief) -> tuple[int, ...]:
    """The lengths that the brief asks for, in seconds, longest first; those that stand among its deliverables, else those that stand in its aim."""
    for field in ("deliverables", "aim", "must-haves"):
        if found := {int(length) for one in brief.says(field) for length in _LENGTH.findall(f"{one.under} {one.text}") if 3 <= int(length) <= 300}:
            return tuple(sorted(found, reverse=True))
    return ()


_PRIVATE: tuple[Field, ...] = ("budget", "dates")
_GREETS = re.compile(r"(?:hi|hello|hey|dear|thanks|thank you|cheers|best|kind regards|regards|yours|sincerely|as discussed)\b", re.IGNORECASE)
_GREETING = 6  #: words: a longer sentence that begins so says something


_FILED = re.compile(r"(?:job|project|order|po|ref(?:erence)?)\.?(?:\s+(?:no|number|nr|code|id))?\.?\s*[:#]", re.IGNORECASE)  #: a number that an agency files it under


def told(brief: Brief) -> tuple[Point, ...]:
    """What a letter tells of the film, sentence by sentence: what stands under no known heading, without greetings, without the mail around it
    and the letter over it, and without what speaks of money or days, which is on nobody's first page."""
    out = []
    mail = opened(brief.text)
    forwarded = mail.forwarded if mail else frozenset()
    inside = sum(1 if one.line in forwarded else -1 for points in brief.points.values() for one in points) > 0  # what stands above it is a letter to the production
    for head, points in brief.others.items():
        for point in points:
            if around(head) or (inside and point.line not in forwarded) or _FILED.match(point.text):
                continue
            for sentence in re.split(r"(?<=[.!?])\s+", point.text):
                private = any(_CUES[field].search(sentence) for field in _PRIVATE)
                greeting = _GREETS.match(sentence) and (len(sentence.split()) <= _GREETING or re.search(r"as discussed|on the phone", sentence, re.IGNORECASE))
                if not private and not greeting:
                    out.append(Point(text=sentence, line=point.line, under=point.under))
    return tuple(out)


def notes(brief: Brief) -> tuple[Note, ...]:
    """What does not add up: a weekday that is another, a day that does not exist, a date that two countries read in two ways, more to show than there are seconds."""
    found: list[Note] = []
    for point in dict.fromkeys(one for points in (*brief.points.values(), *brief.others.values()) for one in points):
        found.extend(_dates(point))
    musts, lengths = brief.says("must-haves"), lengths_s(brief)
    if len(lengths) > 1 and len(musts) > 1:
        short, long = lengths[-1], lengths[0]
        found.append(Note(line=musts[0].line, says=f"{len(musts)} must-haves are {long / len(musts):.1f} s each in {long} s, and {short / len(musts):.1f} s each in {short} s. Which of them may the short one leave out?"))
    return tuple(sorted(found, key=lambda one: one.line))


def _dates(point: Point) -> Iterator[Note]:
    plain = bare(point.text)
    for shape in _DATES:
        for found in shape.finditer(plain):
            month = found["m"]
            said = point.text[found.start() : found.end()].strip() if len(plain) == len(point.text) else found[0].strip()
            try:
                day = date(int(found["y"]), _MONTHS.get(month) or int(month), int(found["d"]))
            except ValueError:
                yield Note(line=point.line, says=f"“{said}” is no day of the calendar.")
                continue
            named = found["day"]
            if named and _DAY[named] != day.weekday():
                yield Note(line=point.line, says=f"“{said}” is a {_DAYS[day.weekday()].capitalize()}.")
    for first, second, _ in _SLASHED.findall(point.text):
        if int(first) <= 12 and int(second) <= 12 and first != second:
            yield Note(line=point.line, says=f"“{first}/{second}” is read in two ways: {int(first)} {_name(int(second))}, or {int(second)} {_name(int(first))}.")


def _name(month: int) -> str:
    return next(name for name, number in _MONTHS.items() if number == month).capitalize() if 1 <= month <= 12 else str(month)
