"""A request held against likeness, trademarks and the client's policy before it is sent: every name in it that must not go out, in sentences.

The words of the request are looked at, and nothing else can be before there is a picture. Whoever chooses a candidate looks at that.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from answerprint import rights
from answerprint.desk import Desk
from answerprint.model.letters import UNSPACED
from answerprint.rights.paper import RightsError
from answerprint.slots.policy import Policy, PolicyError, policy
from answerprint.slots.serving import standing
from answerprint.slots.slot import StockSlot, way_out

__all__ = ["check_call", "check_request"]

_STYLE = re.compile(r"(?i:\b(?:in the (?:style|manner|spirit) of|by the hand of|looks? (?:just |exactly )?like|resembling|starring|portrait of|deepfake of|as played by))\s+((?:[^\W\d_][\w'’.-]*\s*)+)")
_BETWEEN = r"[\s_-]+"  #: two words of a name
_LETTER = rf"[^\W{UNSPACED}]"  #: what goes on with a word: a Latin name in a Chinese sentence has none beside it
#: English words for somebody who is seen, and for a voice: a request in another language is held against names alone.
_PEOPLE = r"people|persons?|humans?|m[ae]n|wom[ae]n|girls?|boys?|child(?:ren)?|kids?|bab(?:y|ies)|famil(?:y|ies)|couples?|crowds?|faces?|hands?|actors?|actress(?:es)?|models?|pedestrians?|passers-by|customers?|drivers?|cyclists?|workers?|lad(?:y|ies)|teenagers?"
_VOICE = r"voices?|voice-?overs?|narrators?|narration|dialogue|speech|singing|singers?|vocals?"
_NOT = r"\b(?:no|without|not any|free of|empty of|never any)\s+(?:[\w-]+\s+)?(?:(?:[\w-]+\s*(?:,|or|nor|and)\s+)*)"


def check_call(desk: Desk, slot: StockSlot, request: Any, *, marks: Sequence[str] = (), today: date | None = None) -> tuple[str, ...]:
    """Why a call for a stock slot may not be made, a sentence each; empty: nothing that is listed speaks against it.

    Args: slot: there is none for a hero shot or an item of the story.  request: a text, or a record of a request; every text in it is looked at.
          marks: further names that must not go out, of competitors for example.  today: of the test.
    """
    if not isinstance(slot, StockSlot):
        raise TypeError("a call that generates is made for a StockSlot")
    if standing(desk, slot.item.number, slot.says) is None:
        return (f"{slot.words} is no stock slot of the script any more. {way_out(desk)}",)
    return check_request(desk, request, marks=marks, today=today)


def check_request(desk: Desk, request: Any, *, marks: Sequence[str] = (), today: date | None = None) -> tuple[str, ...]:
    """The same for a request whose answer goes into no film: a reference frame, for example. It lets nothing generated into a film."""
    words = "\n".join(_texts(request))
    try:
        paper = policy(desk)
        talent = [one for one in rights.of(desk) if one.what == "talent"]
    except (PolicyError, RightsError) as error:
        return (str(error),)
    found = [*_likeness(desk, words, paper, talent), *_marks(desk, words, paper, marks), *(_by_policy(words, paper, desk, today) if paper is not None else ())]
    return tuple(dict.fromkeys(found))


def _texts(value: Any) -> Iterator[str]:
    """Every text in a request, whatever its shape."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _texts(one)


def _names(words: str, name: str) -> bool:
    """Whether a name stands in these words, as words of their own where the script parts words, whatever the letters' case and the space between."""
    parts = [re.escape(one) for one in unicodedata.normalize("NFC", name).split()]
    if not parts:
        return False
    before, after = (rf"(?<!{_LETTER})", rf"(?!{_LETTER})")
    found = re.search(rf"{before if _parted(parts[0][0]) else ''}{_BETWEEN.join(parts)}(?:['’]?s)?{after if _parted(parts[-1][-1]) else ''}", unicodedata.normalize("NFC", words), re.IGNORECASE)
    return found is not None


def _parted(sign: str) -> bool:
    """Whether a word of this sign's script ends where something else begins, and not in the middle of a row of signs."""
    return re.match(f"[{UNSPACED}]", sign) is None


def _likeness(desk: Desk, words: str, paper: Policy | None, talent: Sequence[rights.Right]) -> Iterator[str]:
    """People who are named: cast, crew, anybody on the policy's list, and whose style or looks are asked for."""
    for right in talent:
        if _names(words, right.item):
            yield f"the request names {right.item}, whose likeness it would ask for ({rights.PAPER}, row {right.row}). Say what is to be seen, and name nobody."
    for who in dict.fromkeys(item.character for item in desk.items.values() if item.character):
        row = next((one for one in talent if any(_names(text, who) for text in (one.item, one.note, *one.applies))), None)
        if row is not None and _names(words, who) and not _names(words, row.item):
            yield f"the request names {who}, whom {row.item} plays ({rights.PAPER}, row {row.row}): it would ask for that likeness. Say what is to be seen, and name nobody."
    for person in desk.book.people.values() if desk.book else ():
        if " " in person.name and _names(words, person.name):
            yield f"the request names {person.name}, who is on the crew. Say what is to be seen, and name nobody."
    listed = [name for name in paper.people if _names(words, name)] if paper is not None else []
    yield from (f"the request names {name}, who stands in the list of {paper.called if paper else ''}. Say what is to be seen, and name nobody." for name in listed)
    for one in _STYLE.finditer(unicodedata.normalize("NFC", words)):
        called = list(itertools.takewhile(lambda word: not word[0].islower(), one[1].split()))  # a name has capitals, where its script has any
        if not called:
            continue
        said = " ".join((one[0][: one.start(1) - one.start()] + " ".join(called)).split()).rstrip(".")
        yield f"the request asks for “{said}”: a likeness or a manner that is somebody's own. Say what is to be seen: light, lens, movement, colour."


def _marks(desk: Desk, words: str, paper: Policy | None, marks: Sequence[str]) -> Iterator[str]:
    """Trademarks, the client's own name among them: a picture with one is a picture of a product."""
    own = [name for name in (str(desk.production.settings["client"]), paper.client if paper is not None else "") if name]
    listed, rivals = (paper.trademarks, paper.competitors) if paper is not None else ((), ())
    for name in dict.fromkeys((*own, *listed, *rivals, *marks)):
        if _names(words, name):
            why = (
                "the client's own name: its product and its mark are shot" if name in own else "a trademark: it is not ours to show" if name in listed
                else f"a competitor in {paper.called}" if paper is not None and name in rivals else "a trademark, or a name that is kept out: by the brief, or by whoever asks"
            )  # fmt: skip
            yield f"the request names {name}, {why}. Take the name out."


def _by_policy(words: str, paper: Policy, desk: Desk, today: date | None) -> Iterator[str]:
    """What the client forbids to be generated."""
    yield from paper.over(today)
    if paper.forbids_all:
        yield f"{paper.called} lets nothing be generated."
        return
    said = f"{paper.called} forbids it"
    if "people" in paper.forbids and (who := _asked_for(words, _PEOPLE)):
        yield f"the request asks for people (“{who}”), and {said}. Ask for the place, the light, the thing; or write “no people”."
    if "voice" in paper.forbids and (what := _asked_for(words, _VOICE)):
        yield f"the request asks for a voice (“{what}”), and {said}."
    for name in paper.products if "product" in paper.forbids else ():
        if _names(words, name):
            yield f"the request asks for the product {name}, and {said}. The product is shot."


def _asked_for(words: str, what: str) -> str:
    """The first of these words that is asked for; "" where each is only said not to be there: "no people", "without cars or people"."""
    left = re.sub(rf"{_NOT}(?:{what})\b", " ", words, flags=re.IGNORECASE)
    found = re.search(rf"\b(?:{what})\b", left, re.IGNORECASE)
    return found[0] if found else ""
