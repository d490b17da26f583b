"""A person at a draft: random edits by gestures, with the truth of whose each word is carried along from the first page on."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from answerprint.passages import RUN, Piece, words

#: What the person types: everyday words, many of which stand in the machine's page too.
OWN = (
    "the a and of in it we her his their at on with under before after never only then there where what one two last first night morning kitchen window road rain snow car hands coat cup table door "
    "driver woman father boy laughs waits drives turns opens holds leaves looks hears light dark slow quiet loud glass beer foam headlight mirror breath engine radio ferry quay gull winter "
    "again almost perhaps nobody somebody stays runs falls ends begins film shot frame cut"
).split()


@dataclass(frozen=True)
class Token:
    """One word as it is written, with its stop, and where it came from: (piece, its first word's place), None where the person typed it."""

    text: str
    origin: tuple[int, int] | None = None


@dataclass
class Page:
    """Blocks of sentences of tokens."""

    pieces: list[Piece]
    brief: str
    blocks: list[list[list[Token]]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)  #: of each block: "", "- ", "> "
    width: int = 0  #: letters of a line; 0: not wrapped


def tokens(piece: int, text: str) -> list[Token]:
    place, out = 0, []
    for part in text.split():
        if words(part):
            out.append(Token(part, (piece, place)))
        place += len(words(part))
    return out


def page(pieces: list[Piece], brief: str) -> Page:
    made = Page(pieces, brief)
    for number, piece in enumerate(pieces):
        if number % 3 == 0 or piece.whose == "brief" or made.styles[-1] == "> ":
            made.blocks.append([])
            made.styles.append("> " if piece.whose == "brief" else "")
        made.blocks[-1].append(tokens(number, piece.text))
    return made


def typed(rng: random.Random, page: Page, count: int) -> list[Token]:
    heard = [word for piece in page.pieces for word in piece.text.split()]
    return [Token(rng.choice(OWN if rng.random() < 0.7 else heard).strip(".,;:?!“”\"'()—–-") or "so") for _ in range(count)]


def edit(rng: random.Random, page: Page, gestures: int) -> None:
    """So many gestures, one after another."""
    kinds = ("replace", "insert", "delete", "drop", "write", "move", "move block", "split", "merge", "style", "copy", "again", "rewrite", "quote", "wrap")
    for kind in rng.choices(kinds, k=gestures):
        places = [(b, s) for b, block in enumerate(page.blocks) for s in range(len(block))]
        if not places:
            return
        b, s = rng.choice(places)
        block, one = page.blocks[b], page.blocks[b][s]
        at = rng.randrange(len(one) + 1)
        if kind == "replace":
            new, gone = typed(rng, page, rng.randint(1, 3)), one[at : at + rng.randint(1, 3)]
            block[s] = one[:at] + [_again(token, gone[place : place + 1]) for place, token in enumerate(new)] + one[at + len(gone) :]
        elif kind == "insert":
            block[s] = one[:at] + typed(rng, page, rng.randint(1, 4)) + one[at:]
        elif kind == "delete":
            block[s] = one[:at] + one[at + rng.randint(1, 3) :]
        elif kind == "drop":
            block.pop(s)
        elif kind == "write":
            block.insert(s, typed(rng, page, rng.randint(6, 14)))
        elif kind == "rewrite":
            block[s] = typed(rng, page, rng.randint(6, 14))
        elif kind == "move":
            moved = block.pop(s)
            rng.choice(page.blocks).append(moved)
        elif kind == "move block":
            other = rng.randrange(len(page.blocks))
            page.blocks[b], page.blocks[other] = page.blocks[other], page.blocks[b]
        elif kind == "split" and 1 < at < len(one) - 1:
            block[s : s + 1] = [one[:at], one[at:]]
        elif kind == "merge" and s + 1 < len(block):
            block[s : s + 2] = [one + block[s + 1]]
        elif kind == "style":
            page.styles[b] = rng.choice(("", "- ", "> "))
        elif kind == "copy":
            rng.choice(page.blocks).append(list(one))
        elif kind == "again":  # typed in again by hand: other capitals, other stops
            block[s] = [Token(rng.choice((token.text, token.text.upper() if len(words(token.text)[0]) > 1 else token.text, token.text.strip(".,;:“”"))) or token.text, token.origin) for token in one]
        elif kind == "quote":
            said = [number for number, piece in enumerate(page.pieces) if piece.whose == "brief" and len(tokens(number, piece.text)) > RUN]
            if said:
                whole = tokens(number := rng.choice(said), page.pieces[number].text)
                start = rng.randrange(len(whole) - RUN)
                block.insert(s, typed(rng, page, 4) + whole[start : start + RUN + 1] + typed(rng, page, 3))
        elif kind == "wrap":
            page.width = rng.choice((0, 40, 72))
        page.blocks = [[[token for token in sentence if words(token.text)] for sentence in each] for each in page.blocks]
        page.blocks = [[sentence for sentence in each if sentence] for each in page.blocks]


def _again(token: Token, gone: list[Token]) -> Token:
    """What is typed where the same word was, is that word."""
    return gone[0] if gone and words(gone[0].text) == words(token.text) else token


def markdown(page: Page) -> str:
    out = []
    for block, style in zip(page.blocks, page.styles, strict=True):
        text = " ".join(written(sentence) for sentence in block)
        if not text:
            continue
        lines = [text]
        if page.width:
            lines, rest = [], text.split(" ")
            while rest:
                line = rest.pop(0)
                while rest and len(line) + len(rest[0]) < page.width:
                    line += " " + rest.pop(0)
                lines.append(line)
        glue = "\n> " if style == "> " else "\n  "
        out.append(style + glue.join(lines))
    return "\n\n".join(out) + "\n"


def written(sentence: list[Token]) -> str:
    """A sentence with one stop, at its end, and a capital that no reader takes for the middle of another."""
    parts = [token.text for token in sentence]
    parts = [part.rstrip(".?!…”\"'’)") for part in parts]
    parts[-1] = (parts[-1].lower() if len(parts[-1]) == 1 else parts[-1]) + "."  # "A." would be somebody's initial
    first = parts[0]
    parts[0] = first[:1].upper() + first[1:]
    return " ".join(parts)


def truth(page: Page) -> list[tuple[tuple[str, ...], str]]:
    """(words, origin) of every passage, from the history alone."""
    said = words(page.brief)
    known = {said[at : at + RUN] for at in range(len(said) - RUN + 1)}
    lengths = [len(piece.words) for piece in page.pieces]
    out = []
    for block in page.blocks:
        for sentence in block:
            found: list[tuple[str, tuple[int, int] | None]] = []
            for token in sentence:
                for place, word in enumerate(words(token.text)):
                    found.append((word, None if token.origin is None else (token.origin[0], token.origin[1] + place)))
            _typed_again(found, page.pieces)
            out.append((tuple(word for word, _ in found), _whose(found, page.pieces, lengths, known)))
    return out


def _typed_again(found: list[tuple[str, tuple[int, int] | None]], pieces: list[Piece]) -> None:
    """A word beside the machine's, where the machine had the same one, is that word: typed in again, or left over from a place nearby."""
    for step, order in ((1, range(1, len(found))), (-1, range(len(found) - 2, -1, -1))):
        for at in order:
            here, beside = found[at][1], found[at - step][1]
            if beside is None or here == (beside[0], beside[1] + step):
                continue
            after = found[at + step][1] if 0 <= at + step < len(found) else None
            if here is not None and after == (here[0], here[1] + step):
                continue  # it goes on elsewhere
            there = pieces[beside[0]].words
            if 0 <= beside[1] + step < len(there) and there[beside[1] + step] == found[at][0]:
                found[at] = found[at][0], (beside[0], beside[1] + step)


def _whose(found: list[tuple[str, tuple[int, int] | None]], pieces: list[Piece], lengths: list[int], known: set[tuple[str, ...]]) -> str:
    runs: list[tuple[int, int, int]] = []  # piece, start, end
    at = 0
    while at < len(found):
        origin, end = found[at][1], at + 1
        if origin is not None:
            while end < len(found) and found[end][1] == (origin[0], origin[1] + end - at):
                end += 1
            runs.append((origin[0], at, end))
        at = end
    for piece, start, end in runs:
        if start == 0 and end == len(found) and end == lengths[piece]:
            return "brief" if pieces[piece].whose == "brief" else "machine"
    spoken = [word for word, _ in found]
    runs = [
        (piece, start, end) for piece, start, end in runs
        if end - start < RUN or pieces[piece].whose == "brief" or not all(tuple(spoken[place : place + RUN]) in known for place in range(start, end - RUN + 1))
    ]  # fmt: skip
    for piece, start, end in runs:
        brief = pieces[piece].whose == "brief"
        if end - start >= RUN:
            return "edited"
        if 3 <= end - start == lengths[piece] and not brief:
            return "edited"
    for piece in {one for one, _, _ in runs}:
        mine = [end - start for one, start, end in runs if one == piece and end - start > 1]
        covered = sum(mine)
        if covered >= 4 and max(mine) >= 3 and 2 * covered > len(found):
            return "edited"
    return "person"
