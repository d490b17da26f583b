"""The words of a list of rights: days, territories, media. Each is read in few ways, and what is not understood is said or covers nothing."""

from __future__ import annotations

import re
from datetime import date

__all__ = ["MEDIA", "day", "lacking", "media", "media_of_spec", "territories"]

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_OPEN = ("", "-", "open", "open end", "unlimited", "perpetual", "perpetuity", "in perpetuity", "forever", "buyout", "buy-out")
_EVERYTHING = frozenset({"worldwide", "world", "all", "any", "global", "all media", "all territories", "everywhere"})

#: The media that a spec or a version can be for.
MEDIA = ("tv", "web", "social", "cinema")
#: How lists of rights write them. "Online" and the like are taken for the web and for social media, as buy-out forms use them.
_MEDIA = {
    "tv": {"tv"}, "television": {"tv"}, "broadcast": {"tv"}, "linear tv": {"tv"}, "web": {"web"}, "website": {"web"}, "youtube": {"web"}, "vimeo": {"web"},
    "online": {"web", "social"}, "internet": {"web", "social"}, "digital": {"web", "social"}, "social": {"social"}, "social media": {"social"},
    "paid social": {"social"}, "instagram": {"social"}, "tiktok": {"social"}, "facebook": {"social"}, "cinema": {"cinema"}, "theatrical": {"cinema"}, "dcp": {"cinema"},
}  # fmt: skip
#: The European Union's 27 members since 1 February 2020 (european-union.europa.eu, country profiles), by ISO 3166-1 code.
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_GROUPS = {"eu": _EU, "european union": _EU, "eea": f"{_EU} IS LI NO", "dach": "DE AT CH", "benelux": "BE NL LU", "nordics": "DK FI IS NO SE", "gas": "DE AT CH"}
#: How a list takes something out again. What is left is then for people to write down: such words as a whole cover nothing.
_BUT = re.compile(r"\b(?:excl|excluding|exclusive of|except|excepting|without|minus|but|not|no|ex)\b|\bohne\b|\baußer\b")
#: ISO 3166-1 codes with the names that lists write.
_NAMES = {
    "AE": "united arab emirates uae", "AR": "argentina", "AT": "austria österreich", "AU": "australia", "BE": "belgium", "BG": "bulgaria", "BR": "brazil", "CA": "canada",
    "CH": "switzerland schweiz", "CN": "china", "CY": "cyprus", "CZ": "czechia", "DE": "germany deutschland", "DK": "denmark", "EE": "estonia", "EG": "egypt", "ES": "spain",
    "FI": "finland", "FR": "france", "GB": "uk", "GR": "greece", "HR": "croatia", "HU": "hungary", "IE": "ireland", "IL": "israel", "IN": "india", "IS": "iceland",
    "IT": "italy", "JP": "japan", "KR": "korea", "LI": "liechtenstein", "LT": "lithuania", "LU": "luxembourg", "LV": "latvia", "MT": "malta", "MX": "mexico",
    "NL": "netherlands", "NO": "norway", "NZ": "zealand", "PL": "poland", "PT": "portugal", "RO": "romania", "SA": "ksa", "SE": "sweden", "SG": "singapore",
    "SI": "slovenia", "SK": "slovakia", "TR": "turkey türkiye", "US": "usa", "ZA": "rsa",
}  # fmt: skip
_LONG = {
    "united kingdom": "GB", "great britain": "GB", "united states": "US", "united states of america": "US", "new zealand": "NZ", "south korea": "KR",
    "south africa": "ZA", "saudi arabia": "SA", "czech republic": "CZ", "united arab emirates": "AE", "the netherlands": "NL",
}  # fmt: skip
_CODES = {code.casefold(): code for code in _NAMES} | {name: code for code, names in _NAMES.items() for name in names.split()} | _LONG


def day(text: str) -> date | None:
    """A day as a list writes it: 2026-11-22, 22 Nov 2026, 22.11.2026; None for an open end.

    Raises: ValueError, with what is wrong and the way out: 3/4/2026 is two days.
    """
    said = " ".join(text.split()).casefold().rstrip(".")
    if said in _OPEN:
        return None
    try:
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", said):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := re.fullmatch(r"(\d{1,2})\.? ([a-z]{3,9})\.?,? (\d{4})", said):
            return date(int(found[3]), _month(found[2]), int(found[1]))
        if found := re.fullmatch(r"([a-z]{3,9})\.? (\d{1,2}),? (\d{4})", said):
            return date(int(found[3]), _month(found[1]), int(found[2]))
    except ValueError as cause:
        raise ValueError(f"{text!r} is no day of the calendar ({cause}). Write it so: 2026-11-22.") from cause
    if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{2,4}", said):
        raise ValueError(f"{text!r} is one day in London and another in New York. Write it so: 2026-11-22.")
    raise ValueError(f"{text!r} is not a day. Write it so: 2026-11-22, or leave it empty where there is no end.")


def _month(word: str) -> int:
    found = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(word) or (word == "sept" and number == 9)]
    if len(found) != 1:
        raise ValueError(f"there is no month {word!r}")
    return found[0]


def _parts(text: str) -> tuple[str, ...]:
    found = (" ".join(part.split()) for part in re.split(r"[,;/+&\n|]|\band\b", text.casefold()))
    return tuple(dict.fromkeys(part.strip(" .") for part in found if part.strip(" .")))


def territories(text: str) -> frozenset[str] | None:
    """Where a right holds, or a version goes: ISO codes, and words that are none as they stand. None: everywhere, or nothing said."""
    if _BUT.search(text.casefold()):
        return frozenset({" ".join(text.casefold().split())})
    found: set[str] = set()
    for part in _parts(text):
        if part in _EVERYTHING:
            return None
        if part in _GROUPS:
            found |= set(_GROUPS[part].split())
        elif part in _CODES:
            found.add(_CODES[part])
        elif all(word in _CODES and len(word) == 2 for word in part.split()):
            found |= {_CODES[word] for word in part.split()}
        else:
            found.add(part)
    return frozenset(found) or None


def media(text: str) -> frozenset[str] | None:
    """For which media: those of MEDIA, and words that are none as they stand. None: all of them, or nothing said."""
    if _BUT.search(text.casefold()):
        return frozenset({" ".join(text.casefold().split())})
    found: set[str] = set()
    for part in _parts(text):
        if part in _EVERYTHING:
            return None
        found |= _MEDIA.get(part, {part})
    return frozenset(found) or None


def media_of_spec(name: str, title: str = "") -> str:
    """What a spec delivers for, by its name and its title; "" for a master, for stems, and where neither says it."""
    words = re.findall(r"[a-z]+", f"{name} {title}".casefold())
    for word in words:
        known = _MEDIA.get(word, set())
        if len(known) == 1:
            return next(iter(known))
    return ""


def lacking(wanted: frozenset[str], given: frozenset[str] | None) -> tuple[str, ...]:
    """What is wanted and not given, in the alphabet's order; nothing where everything is given."""
    return () if given is None else tuple(sorted(wanted - given))
