"""What of the machine's work for the finish is in one film: found by the seals of what the film was rendered from, never by a name alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from answerprint import finishing
from answerprint.model.charter import Execution

if TYPE_CHECKING:
    from answerprint.desk import Desk
    from answerprint.film import Cut
    from answerprint.films import Film
    from answerprint.finishing import Made
    from answerprint.model.records import Digest

__all__ = ["DID", "cleaned", "in_film", "overtaken", "supers", "told"]

CAPTIONS = "the captions "  #: how a film names the captions that it was rendered with, before their file
#: What was done, by the kind of proposal: of one thing, and of several.
DID = {
    "correction": ("the colour of one clip corrected where the camera differed, by one constant correction", "the colour of {} clips corrected where the cameras differed, each by one constant correction"),
    "clean-up": ("the sound laid from recordings that noise was taken out of", "the sound laid from recordings that noise was taken out of"),
    "captions": ("captions written from the script and the words as they are spoken", "captions in {} languages written from the script and the words as they are spoken"),
    "captions, by hand": ("captions written from the script and the words as they are spoken, then changed by a person", "captions in {} languages written from the script and the words as they are spoken, then changed by a person"),
    "supers": ("lettering drawn from given words", "lettering drawn from given words, {} pieces"),
    "reframing": ("one ordinary shot framed anew for this shape, by faces and motion", "{} ordinary shots framed anew for this shape, by faces and motion"),
}  # fmt: skip


def in_film(desk: Desk, film: Film, n: int) -> dict[str, tuple[Made, ...]]:
    """What is in a film, by the kind of proposal, as it stood at an entry; kinds of which nothing is in it are left out."""
    every = [one for one in finishing.history(desk.production) if one.entry <= n]
    grade, mix = (film.sources.get(name, {}).get("digest", "") for name in ("grade", "mix"))
    corrected = {about for one in finishing.lists(desk.production) if one.entry <= n and one.what == "correction" for about in one.of.get(grade, ())}
    found: dict[str, dict[str, Made]] = {}
    for one in every:
        digests = set(one.files.values())
        if one.what == "correction" and (grade in digests or one.about in corrected) and set(one.inputs[:1]) & set(film.inputs):  # the others are what it was matched to
            found.setdefault(one.what, {})[one.about] = one
        elif one.what == "clean-up" and mix in digests:
            found.setdefault(one.what, {})[one.about] = one
        elif one.what == "supers" and digests & set(film.inputs):
            found.setdefault(one.what, {})[one.about] = one
        elif one.what == "reframing" and f"the framing of {one.about}" in film.made_of and film.made_of[f"the framing of {one.about}"] in digests:
            found.setdefault(one.what, {})[one.about] = one
    for what, one in _captions(film, every):
        found.setdefault(what, {})[one.about] = one
    return {what: tuple(ones.values()) for what, ones in found.items()}


def _captions(film: Film, every: list[Made]) -> Iterator[tuple[str, Made]]:
    """The captions of a film that the machine wrote, as it wrote them or as somebody changed them since."""
    for name, digest in film.made_of.items():
        if name.startswith(CAPTIONS):
            file = name.removeprefix(CAPTIONS)
            same = next((one for one in reversed(every) if one.what == "captions" and digest in one.files.values()), None)
            of = [one for one in every if one.what == "captions" and file in one.files]  # what somebody brought under the same name lies elsewhere
            if same is not None or of:
                yield ("captions", same) if same is not None else ("captions, by hand", of[-1])


def overtaken(desk: Desk, cut: Cut) -> tuple[str, ...]:
    """Where the chosen mix or grade of a version is the machine's work and not any more what it was: laid for another sound, or with a piece in it
    that somebody refused since."""
    from answerprint import films
    from answerprint.plan import small_digest

    found = []
    for one in films.chosen(desk, cut.version):
        file = one.choice.get("file", "")
        if not file or one.judgment not in ("grade", "mix"):
            continue
        what: finishing.What = "clean-up" if one.judgment == "mix" else "correction"
        pieces, says = _laid(desk, what, small_digest(desk.path / file))
        against = finishing.refused(desk.production, what) if pieces else {}
        found += [f"{cut.version}: {file} {part}" for part in says]
        found += [f"{cut.version}: {file} holds the {what} of {piece}, which {against[piece].by} refused. Choose another {one.judgment}, or take the refusal back." for piece in pieces if piece in against]
    return tuple(found)


def _laid(desk: Desk, what: finishing.What, digest: Digest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The pieces that went into a file that was written here, and why it is out of date; nothing for any other file."""
    if what == "correction":
        return next((one.of[digest] for one in reversed(finishing.lists(desk.production)) if one.what == what and digest in one.of), ()), ()
    made = next((one for one in reversed(finishing.history(desk.production)) if one.what == what and "mix" in one.values and digest in one.files.values()), None)
    if made is None:
        return (), ()
    there = desk.cuts.get(str(made.values["mix"]))
    before, now = ("sound", there.sound if there else "") if "sound" in made.values else ("cut", there.seal if there else "")
    again = f"Lay it again, and choose it again: answerprint clean FOLDER --mix {made.values['mix']}"
    says = (f"was laid for another sound of {made.values['mix']} than its cut has now. {again}",) if there is not None and made.values.get(before) not in (None, now) else ()
    return tuple(map(str, made.values.get("cleaned", ()))), says


def told(found: dict[str, tuple[Made, ...]]) -> Iterator[tuple[Execution, str]]:
    """(execution, sentence without a subject) of what is in a film."""
    for what, ones in found.items():
        one, several = DID[what]
        yield finishing.EXECUTION[what.partition(",")[0]], several.format(len(ones)) if len(ones) > 1 else one


def supers(found: dict[str, tuple[Made, ...]]) -> dict[Digest, str]:
    """The drawn pieces of lettering of a film: digest -> file."""
    return {digest: file for one in found.get("supers", ()) for file, digest in one.files.items()}


def cleaned(found: dict[str, tuple[Made, ...]]) -> frozenset[Digest]:
    """The mixes that the machine laid from cleaned sound."""
    return frozenset(digest for one in found.get("clean-up", ()) for digest in one.files.values())
