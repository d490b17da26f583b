"""Written figures as people say them in English: each way of saying one is a reading, the most usual first."""

from __future__ import annotations

__all__ = ["cardinal", "digits", "ordinal", "readings", "year"]

Reading = tuple[str, ...]

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_IRREGULAR = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_LARGEST = 10**15  #: beyond it nobody says a number; its digits are read


def cardinal(n: int) -> Reading:
    """0 <= n < 10^15 in words, without "and": 118 is one hundred eighteen."""
    if n < 20:
        return (_ONES[n],)
    if n < 100:
        return (_TENS[n // 10], *(() if n % 10 == 0 else (_ONES[n % 10],)))
    for size, word in _SCALES:
        if n >= size:
            rest = n % size
            return (*cardinal(n // size), word, *(cardinal(rest) if rest else ()))
    raise AssertionError(n)


def ordinal(n: int) -> Reading:
    """21 is twenty first."""
    *head, last = cardinal(n)
    if last in _IRREGULAR:
        word = _IRREGULAR[last]
    else:
        word = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return (*head, word)


def digits(text: str, zero: str = "zero") -> Reading:
    """Digit by digit."""
    return tuple(zero if char == "0" else _ONES[int(char)] for char in text)


def year(n: int) -> list[Reading]:
    """1000 <= n <= 9999 as a year or a model number: 1984 nineteen eighty four; 2000 has no such reading."""
    high, low = divmod(n, 100)
    if low == 0:
        return [(*cardinal(high), "hundred")] if high % 10 else []
    return [(*cardinal(high), *(("oh", _ONES[low]) if low < 10 else cardinal(low)))]


def readings(text: str) -> list[Reading]:
    """Every usual way to say a number written in figures ("1,250", "9.99", "007", "1984").

    Returns: at least one reading; the first is the plain number.
    """
    whole, dot, part = text.replace(",", "").partition(".")
    if whole and ((len(whole) > 1 and whole[0] == "0") or int(whole) >= _LARGEST):
        spelt = [digits(whole), digits(whole, "oh")]
    elif not whole:
        spelt = [(), ("zero",)]
    else:
        n = int(whole)
        spelt = [cardinal(n)]
        if "hundred" in spelt[0] or (n >= 1000 and n % 1000):
            spelt.append(_with_and(n))
        if 100 <= n <= 999 and n % 100:
            spelt.append((*cardinal(n // 100), *(("oh", _ONES[n % 100]) if n % 100 < 10 else cardinal(n % 100))))
        if 1000 <= n <= 9999 and "," not in text:
            spelt += year(n)
        if str(n)[0] == "1" and n in (100, 1000, 10**6):
            spelt.append(("a", *cardinal(n)[1:]))
        if n >= 100 and "," not in text and not dot:
            spelt.append(digits(whole))
    if dot and part:
        spelt = [(*head, "point", *digits(part, zero)) for head in spelt[:2] for zero in ("zero", "oh")]
    if not dot and whole == text and len(whole) == 4 and _as_year(int(whole)):
        spelt = year(int(whole)) + spelt
    return list(dict.fromkeys(spelt))


def _as_year(n: int) -> bool:
    """Whether four figures are said in pairs first: 1080, 1984, 2026; not 1500, 2004 or 6000."""
    return (1010 <= n <= 1999 or 2010 <= n <= 2099) and n % 100 != 0


def _with_and(n: int) -> Reading:
    """As the British say it: one hundred and eighteen."""
    words = list(cardinal(n))
    low = n % 100
    if low and n > 100:
        words.insert(len(words) - len(cardinal(low)), "and")
    return tuple(words)
