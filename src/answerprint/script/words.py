"""The words of a line as they are heard, each tied to the letters it was written with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from answerprint.script.numbers import cardinal, digits, ordinal, readings

__all__ = ["Word", "sentences", "words"]

Reading = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Word:
    """One written word and how it may be said."""

    written: str  #: text[start:end]
    start: int
    end: int
    readings: tuple[Reading, ...]  #: lower-case spoken words; the most usual reading first; never empty

    @property
    def spoken(self) -> Reading:
        return self.readings[0]


_CHUNK = re.compile(r"\S+")
_JOINT = re.compile(r"—|–|…|\.{2,}|--+|[\u2012\u2015]")
_OUTER = "\"'“”‘’«»‹›()[]{}<>*_~.,;:!?¡¿…|"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*['’]?")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_MONEY = {"$": ("dollar", "dollars", "cent", "cents"), "€": ("euro", "euros", "cent", "cents"), "£": ("pound", "pounds", "penny", "pence"), "¥": ("yen", "yen", "", "")}
_SCALE = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion", "b": "billion"}
_UNITS = {
    "%": (("percent",), ("per", "cent")), "°": (("degrees",),), "°c": (("degrees", "celsius"), ("degrees",)), "°f": (("degrees", "fahrenheit"), ("degrees",)),
    "g": (("grams",),), "kg": (("kilos",), ("kilograms",)), "mg": (("milligrams",),), "ml": (("milliliters",), ("mils",)), "l": (("liters",),),
    "cl": (("centiliters",),), "oz": (("ounces",),), "lb": (("pounds",),), "lbs": (("pounds",),), "km": (("kilometers",),), "km/h": (("kilometers", "an", "hour"),),
    "mph": (("miles", "an", "hour"), ("miles", "per", "hour"), ("m", "p", "h")), "m": (("meters",),), "cm": (("centimeters",),), "mm": (("millimeters",),),
    "ft": (("feet",),), "in": (("inches",),), "hp": (("horsepower",),), "kw": (("kilowatts",),), "kwh": (("kilowatt", "hours"),), "gb": (("gigabytes",), ("gigs",)),
    "tb": (("terabytes",),), "mb": (("megabytes",), ("megs",)), "mp": (("megapixels",),), "hz": (("hertz",),), "khz": (("kilohertz",),), "x": (("times",), ("x",)),
    "am": (("a", "m"), ("am",)), "pm": (("p", "m"), ("pm",)), "hrs": (("hours",),), "hr": (("hour",), ("hours",)), "min": (("minutes",),), "sec": (("seconds",),),
    "k": (("k",), ("thousand",)), "d": (("d",),), "p": (("p",),), "+": (("plus",),),
}  # fmt: skip
_ONE = {"grams": "gram", "kilos": "kilo", "liters": "liter", "ounces": "ounce", "pounds": "pound", "miles": "mile", "minutes": "minute", "hours": "hour",
        "degrees": "degree", "meters": "meter", "kilometers": "kilometer", "seconds": "second", "inches": "inch", "feet": "foot"}  # fmt: skip
_ABBREVIATIONS: dict[str, tuple[Reading, ...]] = {
    "dr": (("doctor",), ("drive",)), "mr": (("mister",),), "mrs": (("missus",), ("misses",)), "ms": (("miz",), ("miss",)), "st": (("saint",), ("street",)), "vs": (("versus",),),
    "etc": (("et", "cetera"), ("etcetera",)), "jr": (("junior",),), "sr": (("senior",),), "prof": (("professor",),), "no": (("number",), ("no",)), "approx": (("approximately",),),
    "inc": (("incorporated",), ("inc",)), "ltd": (("limited",),), "co": (("company",), ("co",)), "corp": (("corporation",), ("corp",)), "dept": (("department",),),
    "ave": (("avenue",),), "mt": (("mount",),), "ft": (("feet",), ("fort",)), "feat": (("featuring",),), "w/": (("with",),), "w/o": (("without",),),
}  # fmt: skip
_DOTTED_ONLY = {"no", "co", "in", "inc", "ms", "st", "ave", "mt", "ft", "corp", "feat", "sr"}  #: words of their own without the full stop
_SIGNS = {"&": "and", "+": "plus", "=": "equals", "@": "at", "%": "percent", "#": "number", "×": "times", "°": "degrees", "€": "euros", "$": "dollars", "£": "pounds", "½": "half"}
_PARTS = {"1/2": (("one", "half"), ("a", "half"), ("half",)), "1/3": (("one", "third"), ("a", "third")), "2/3": (("two", "thirds"),),
          "1/4": (("one", "quarter"), ("a", "quarter"), ("quarter",)), "3/4": (("three", "quarters"),)}  # fmt: skip
_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4"}
_ADDRESS = re.compile(r"^(?:https?://)?(?P<www>www\.)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?P<path>/\S*)?$", re.IGNORECASE)
_MAIL = re.compile(r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$", re.IGNORECASE)
_MONEY_AMOUNT = re.compile(rf"^(?:(?P<before>[$€£¥])\s?(?P<n1>{_NUMBER})|(?P<n2>{_NUMBER})\s?(?P<after>[$€£¥]))(?P<scale>k|mn?|bn?)?$", re.IGNORECASE)
_QUANTITY = re.compile(rf"^(?P<sign>[-−+])?(?P<n>{_NUMBER})-?(?P<unit>°?[a-z/%+°]*)$", re.IGNORECASE)
_ORDINAL = re.compile(r"^(\d{1,12})(?:st|nd|rd|th)$", re.IGNORECASE)
_CLOCK = re.compile(r"^(\d{1,2}):(\d\d)(am|pm|a\.m\.?|p\.m\.?)?$", re.IGNORECASE)
_DECADE = re.compile(r"^['’]?(\d0|\d{3}0)['’]?s$", re.IGNORECASE)
_PHONE = re.compile(r"^\+?[\d(][\d().-]*\d$")
_SLASHED = re.compile(r"^(\d{1,4})/(\d{1,4})$")
_LETTERS = re.compile(r"^(?:[^\W\d_]\.){2,}[^\W\d_]?$")
_FIGURES = re.compile(r"^(?=.*[0-9])[ -~€£¥°’−]+$")
_DIGIT_LIMIT = 15  #: a longer run of figures is a code: it is read digit by digit or not at all


def words(text: str, language: str = "en") -> tuple[Word, ...]:
    """The words of a text as they are heard, in order.

    Figures, money, addresses and abbreviations are opened into what a speaker of English says, with every usual reading; in another
    language they pass through as they are written, lower-case. What nobody says (a lone dash, quotation marks) gives no word.
    Returns: Words whose [start, end) never overlap; empty for an empty text.
    """
    out = []
    for chunk in _CHUNK.finditer(text):
        for start, end in _pieces(text, chunk.start(), chunk.end()):
            written = text[start:end]
            found = _english(written, text[end : end + 1]) if language.split("-")[0].lower() == "en" else _plain(written)
            found = [reading for reading in dict.fromkeys(found) if reading]
            if found:
                out.append(Word(written=written, start=start, end=end, readings=tuple(found)))
    return tuple(out)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A run without spaces, taken apart at dashes and dots, without the marks around each part."""
    ends = []
    at = start
    for joint in [*_JOINT.finditer(text, start, end), None]:
        ends.append((at, joint.start() if joint else end))
        at = joint.end() if joint else end
    out = []
    for first, last in ends:
        while first < last and text[first] in _OUTER and not (text[first] in ".'’" and text[first + 1 : first + 2].isdigit() and _opens_number(text, first)):
            first += 1
        while last > first and text[last - 1] in _OUTER:
            last -= 1
        if first < last:
            out.append((first, last))
    return out


def _opens_number(text: str, at: int) -> bool:
    """Whether a full stop or an apostrophe belongs to the figures after it: .5, '90s."""
    return text[at] == "." or bool(_DECADE.match(text[at : at + 5].rstrip(_OUTER)))


def _plain(written: str) -> list[Reading]:
    """The word's own letters; parts joined by hyphens are read apart, and as one."""
    parts = tuple(_letters(match[0]) for match in _WORD.finditer(written))
    if len(parts) > 1 and not any(char.isdigit() for char in written):
        return [parts, ("".join(parts),)]
    return [parts]


def _letters(word: str) -> str:
    return word.lower().replace("’", "'").strip("'")


def _english(written: str, after: str) -> list[Reading]:
    low = written.lower()
    for vulgar, plain in _VULGAR.items():
        if low == vulgar:
            return list(_PARTS[plain])
        if low.endswith(vulgar) and low[:-1].isdigit() and len(low) < _DIGIT_LIMIT:
            return [(*head, "and", *part) for head in readings(low[:-1])[:1] for part in _PARTS[plain]]
    if low in _SIGNS:
        return [(_SIGNS[low],)]
    if low in _ABBREVIATIONS and (after == "." or low not in _DOTTED_ONLY):
        return [*_ABBREVIATIONS[low], (_WORD.findall(low)[0],)]
    if _LETTERS.match(low + after.replace(" ", "")) or _LETTERS.match(low):
        letters = tuple(char for char in low if char != ".")
        return [("".join(letters),), letters]
    if _MAIL.match(low):
        return [_spelt(low)]
    if (match := _ADDRESS.match(low)) and not re.fullmatch(r"[\d.]+", low):
        return _address(match["www"], match["host"], match["path"] or "")
    if low[0] in "@#" and len(low) > 1 and _WORD.fullmatch(low[1:]):
        if low[0] == "#" and low[1:].isdigit() and len(low) < _DIGIT_LIMIT:
            return [("number", *reading) for reading in readings(low[1:])]
        return [("at" if low[0] == "@" else "hashtag", low[1:]), (low[1:],)]
    if _FIGURES.match(low) and sum(char.isdigit() for char in low) <= _DIGIT_LIMIT and (found := _figures(low)):
        return found
    if len(low) < 40 and low.count("&") == 1 and all(part.isalpha() for part in low.split("&")):
        left, right = low.split("&")
        return [(left, "and", right), (*left, "and", *right)]
    if "/" in low and all(part.isalpha() for part in low.split("/")):
        return [tuple(low.split("/")), tuple(word for part in low.split("/") for word in ("or", part))[1:], tuple(word for part in low.split("/") for word in ("slash", part))[1:]]
    if written.isupper() and written.isalpha() and 2 <= len(written) <= 4 and written.isascii():
        return [(low,), tuple(low)]
    return _with_figures(written)


def _figures(low: str) -> list[Reading]:
    if match := _MONEY_AMOUNT.match(low):
        return _money(match)
    if match := _ORDINAL.match(low):
        n = int(match[1])
        return [ordinal(n), *([("the", *ordinal(n))] if n < 32 else [])]
    if match := _CLOCK.match(low):
        return _clock(int(match[1]), int(match[2]), (match[3] or "").replace(".", ""))
    if match := _DECADE.match(low):
        head = match[1]
        tens = ordinal(int(head[-2:]))[-1][:-2] + "s" if head[-2:] not in ("00", "10") else "hundreds" if head[-2:] == "00" else "tens"
        return [(*(cardinal(int(head[:-2])) if len(head) == 4 else ()), tens)]
    if low in _PARTS:
        return list(_PARTS[low])
    if match := _SLASHED.match(low):
        left, right = readings(match[1])[0], readings(match[2])[0]
        return [(*left, *right), (*left, "over", *right), (*left, "slash", *right), (*left, "by", *right)]
    if match := _QUANTITY.match(low):
        return _quantity(match)
    if _PHONE.match(low) and sum(char.isdigit() for char in low) >= 5 and re.search(r"[-.()]", low):
        groups = re.findall(r"\d+", low)
        plain = tuple(word for group in groups for word in digits(group))
        oh = tuple(word for group in groups for word in digits(group, "oh"))
        hundreds = tuple(word for group in groups for word in (cardinal(int(group)) if re.fullmatch(r"[1-9]00", group) else digits(group, "oh")))
        return [plain, oh, hundreds]
    return []


def _money(match: re.Match[str]) -> list[Reading]:
    one, many, small_one, small_many = _MONEY[match["before"] or match["after"]]
    amount = (match["n1"] or match["n2"]).replace(",", "")
    whole, _, part = amount.partition(".")
    if scale := _SCALE.get((match["scale"] or "").lower()):
        return [(*reading, scale, many) for reading in readings(amount)[:1]]
    heads = readings(match["n1"] or match["n2"]) if not part else readings(whole or "0")
    name = one if whole == "1" else many
    if len(part) != 2 or not small_one:
        return [*((*reading, name) for reading in (readings(amount) if part else heads)), *heads[:1]]
    cents = int(part)
    if cents == 0:
        return [(*heads[0], name), heads[0], *((*reading, name) for reading in heads[1:])]
    small = cardinal(cents)
    few = (small_one if cents == 1 else small_many,)
    if int(whole or 0) == 0:
        return [(*small, *few), ("zero", "point", *digits(part))]
    short = ("oh", *small) if cents < 10 else small
    return [(*heads[0], *short), (*heads[0], name, "and", *small, *few), (*heads[0], name, *small), (*heads[0], name, "and", *small), (*heads[0], "point", *digits(part))]


def _clock(hour: int, minute: int, half: str) -> list[Reading]:
    head = cardinal(hour)
    tails: list[Reading] = [tuple(half), (half,)] if half else [()]
    if minute == 0:
        middles: list[Reading] = [()] if half else [("o'clock",), (), ("hundred",)]
    elif minute < 10:
        middles = [("oh", *cardinal(minute)), cardinal(minute)]
    else:
        middles = [cardinal(minute)]
    return [(*head, *middle, *tail) for middle in middles for tail in tails]


def _quantity(match: re.Match[str]) -> list[Reading]:
    numbers = readings(match["n"])
    sign = {"-": ("minus",), "−": ("minus",), "+": ("plus",)}.get(match["sign"] or "", ())
    unit = match["unit"].lower()
    if not unit:
        return [(*sign, *number) for number in numbers]
    if unit not in _UNITS:
        return []
    single = match["n"] == "1"
    ends = [tuple(_ONE.get(word, word) if single and n == 0 else word for n, word in enumerate(end)) for end in _UNITS[unit]]
    singular = [tuple(_ONE.get(word, word) for word in end) for end in ends]  # "a 200-gram bag"
    return [(*sign, *number, *end) for end in [*ends, *singular] for number in numbers[:2]]


def _address(www: str | None, host: str, path: str) -> list[Reading]:
    name = _spelt(host)
    tail = tuple(word for part in path.strip("/").split("/") if part for word in ("slash", *_spelt(part)))
    full = (("w", "w", "w", "dot") if www else ()) + name + tail
    return [name + tail, full]


def _spelt(text: str) -> Reading:
    """An address as it is read out: dots, at and hyphens are words."""
    names = {".": "dot", "@": "at", "-": "dash", "_": "underscore", "+": "plus", "/": "slash"}
    out: list[str] = []
    for part in re.findall(r"[^\W_]+|[.@_+/-]", text):
        out += [names[part]] if part in names else list(_with_figures(part)[0])
    return tuple(out)


def _with_figures(written: str) -> list[Reading]:
    """A word with figures in it ("mp3", "covid-19"): letters and numbers apart; also as it is written."""
    plain = _plain(written)
    if not any(char.isascii() and char.isdigit() for char in written):
        return plain
    parts = re.findall(r"[0-9]+|(?:(?![0-9])[^\W_]|['’])+", written)
    said = tuple(word for part in parts for word in (readings(part)[0] if part.isascii() and part.isdigit() else ((_letters(part),) if _letters(part) else ())))
    return [said, *plain]


_ENDS = re.compile(r"(?:[.!?…]+|。|！|？)[\"'”’»)\]]*(?=\s|$)|(?<=[。！？])|\n\s*\n")
_NO_END = re.compile(r"(?:^|[\s(“\"])(?:dr|mr|mrs|ms|st|vs|etc|jr|sr|prof|approx|inc|ltd|co|[a-z]|(?:[a-z]\.)+[a-z])\.$", re.IGNORECASE)

_NUMBER_FOLLOWS = re.compile(r"\bno\.$", re.IGNORECASE)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Where the sentences of a text lie: (start, end) of each, without the space between; empty for an empty text.

    A full stop after an abbreviation or an initial ends none, unless the text ends there; nor does one before a small letter.
    """
    out = []
    start = 0
    for match in _ENDS.finditer(text):
        rest = text[match.end() :].lstrip()
        if rest and match[0].strip() and (rest[0].islower() or (match[0] == "." and ((_NUMBER_FOLLOWS.search(text[: match.end()][-4:]) and rest[0].isdigit()) or _NO_END.search(text[max(start, match.end() - 12) : match.end()])))):
            continue
        out.append((start, match.end()))
        start = match.end()
    out.append((start, len(text)))
    trimmed = []
    for first, last in out:
        piece = text[first:last]
        if piece.strip():
            trimmed.append((first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())))
    return tuple(trimmed)
