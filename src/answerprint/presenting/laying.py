"""A deck laid out: pages of 960 x 540 points with every line measured. Nothing overflows, nothing overlaps, no picture is cropped.

Pages of words are paper; pages of pictures are a dark grey without hue, so that the picture is the only colour there. What people wrote
stands in the serif over their name, what the machine wrote in the sans beside a dotted rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from answerprint.presenting import bidi
from answerprint.presenting.faces import Faces
from answerprint.presenting.page import FOOT, INK, PAPER, QUIET, SPARE, WIDTH, Image, Page, Rule, Text, text_at, wrapped
from answerprint.presenting.pictures import Prepared
from answerprint.presenting.records import GENERATED, Deck, Part, Passage, Picture, Table

__all__ = ["laid", "leftward", "unedited"]

EDGE, TOP = 64, 56  #: on a grid of 8
_COLUMN, _LINE = 304, 592  #: where words stand, and how wide they run: about 70 letters at 20 points
_DARK, _LIGHT, _DIM = "262626", "F2F2F2", "B4B4B4"
_PER_PAGE, _UPRIGHT = 2, 3  #: pictures on a page, wide ones and upright ones; more are stamps


def laid(deck: Deck, faces: Faces, pictures: Callable[[Picture], Prepared]) -> tuple[Page, ...]:
    """Every page of a deck, in order. Parts with nothing in them have none."""
    pages = [_title(deck, faces, pictures)]
    for part in deck.parts:
        said = _Words(deck, part, faces).pages()
        if part.table is not None:
            said += _tables(part, part.table, faces, said.pop() if said else None)
        pages += said
        pages += _frames(deck, part, faces, pictures)
    numbered = _numbered(deck, pages, faces)
    return tuple(numbered) if faces.shaper is None else tuple(_sided(page, leftward(deck)) for page in numbered)


def leftward(deck: Deck) -> bool:
    """Whether a deck is read from right to left: most of its paragraphs are."""
    said = [deck.title, *(one.text for part in deck.parts for one in part.passages)]
    return sum(len(one) if bidi.to_the_left(one) else -len(one) for one in said) > 0


def _sided(page: Page, left: bool) -> Page:
    """A page as its reader's eye goes: one of a deck from right to left is turned about. A paragraph stands at the side where it begins, the name under it too; all else where the page begins, but for lines of the other direction."""
    things: list[Text | Image | Rule] = []
    side = left
    for one in page.things:
        if left:
            one = replace(one, x=WIDTH - one.x - one.width)
        if isinstance(one, Text):
            if one.passage and one.face != "italic":
                side = one.leftward
            long = len(one.lines) > 1 and one.leftward != left
            one = replace(one, right=side if one.passage else one.leftward if long else one.right != left)
        things.append(one)
    return replace(page, things=tuple(things))


# ---- the first page


def _title(deck: Deck, faces: Faces, pictures: Callable[[Picture], Prepared]) -> Page:
    ground, ink, quiet = (_DARK, _LIGHT, _DIM) if deck.cover else (PAPER, INK, QUIET)
    width = 320 if deck.cover else WIDTH - 2 * EDGE
    size, leading = (28, 34) if deck.cover and len(deck.title) > 32 else (40, 48)
    heading = text_at(faces, deck.title, EDGE, 0, width, "serif", size, leading, ink, "title")
    under = [one for one in (deck.by, deck.dated) if one]
    y = FOOT - 24 - 28 * len(under) - 16 - heading.height
    things: list[Text | Image | Rule] = []
    if deck.client:
        client = text_at(faces, deck.client, EDGE, TOP, width, "sans", 16, 24, quiet)
        things.append(client)
    things.append(text_at(faces, deck.title, EDGE, y, width, "serif", size, leading, ink, "title"))
    y += heading.height + 16
    for line, face, points in ((deck.by, "italic", 20), (deck.dated, "sans", 14)):
        if line:
            things.append(text_at(faces, line, EDGE, y, width, face, points, 28, ink if face == "italic" else quiet))
            y += 28
    if deck.cover:
        prepared = pictures(deck.cover)
        credit = _credit(faces, deck.cover, 0, 0, 448)
        x0, room = EDGE + width + 32, WIDTH - EDGE - (EDGE + width + 32)
        w, h = _within(prepared, room, FOOT - TOP - 16 - credit.height)
        things += [Image(x=x0, y=TOP, width=w, height=h, picture=deck.cover, prepared=prepared), _credit(faces, deck.cover, x0, TOP + h + 8, room)]
    return Page(name=deck.title, ground=ground, things=tuple(things), notes=_notes_of([deck.cover] if deck.cover else []))


# ---- words


class _Words:
    """The pages of a part's passages: heading at the left, words at the right, as large as they fit on one page, else flowing on."""

    def __init__(self, deck: Deck, part: Part, faces: Faces) -> None:
        self.deck, self.part, self.faces = deck, part, faces
        self.made: list[Page] = []

    def pages(self) -> list[Page]:
        if not self.part.passages:
            return []
        whole = sum(len(one.text) for one in self.part.passages)
        for size, leading in ((28, 38), (20, 29), (16, 24)):
            if size == 28 and whole > 320:
                continue
            self._flow(size, leading)
            if len(self.made) == 1:
                return self.made
        self._flow(20, 29)
        return self.made

    def _flow(self, size: float, leading: float) -> None:
        self.made = []
        things: list[Text | Image | Rule] = []
        notes: list[str] = []
        y = float(TOP)
        passages = self.part.passages

        def turn() -> None:
            nonlocal things, y, notes
            self.made.append(self._page(things, notes))
            things, notes, y = [], [], float(TOP)

        for n, passage in enumerate(passages):
            face = "serif" if passage.by else "sans"
            left = list(wrapped(self.faces, face, passage.text, size, _LINE * SPARE))
            signed = bool(passage.by) and (n + 1 == len(passages) or passages[n + 1].by != passage.by)
            while left:
                tail = 40 if signed else 0  # the name stays under the last lines
                room = int((FOOT - 8 - y) // leading)
                fits = len(left) if len(left) * leading + tail <= FOOT - 8 - y else min(room, len(left) - 1 if signed else len(left))
                if fits < min(2, len(left)) and things:  # no line alone at the foot of a page
                    turn()
                    continue
                fits = max(fits, 1)
                if len(left) - fits == 1 and fits > 2:
                    fits -= 1
                things += self._said(tuple(left[:fits]), face, size, leading, y)
                if passage.unedited:  # on each page that has words of it
                    notes.append(unedited(passage))
                y += fits * leading
                del left[:fits]
                if left:
                    turn()
            if signed:
                things.append(replace(text_at(self.faces, passage.by, _COLUMN, y + 8, _LINE, "italic", 16, 24, QUIET), passage=True))
                y += 32
            y += leading / 2
        if things:
            turn()

    def _said(self, lines: tuple[str, ...], face: str, size: float, leading: float, y: float) -> Iterator[Text | Rule]:
        if face == "sans":
            yield Rule(x=_COLUMN - 16, y=y + 3, height=len(lines) * leading - 6, colour=QUIET, dotted=True)
        yield Text(x=_COLUMN, y=y, width=_LINE, lines=lines, face=face, size=size, leading=leading, colour=INK, passage=True)

    def _page(self, things: Sequence[Text | Image | Rule], notes: Sequence[str]) -> Page:
        return Page(name=self.part.title, things=(_heading(self.faces, self.part, bool(self.made)), *things), notes=tuple(notes), part=self.part)


def _heading(faces: Faces, part: Part, again: bool, *, colour: str = INK, width: float = 208) -> Text:
    words = f"{part.title}, continued" if again else part.title
    return text_at(faces, words, EDGE, TOP - 2, width, "strong", 20 if again else 28, 34, colour, "title")


def unedited(passage: Passage) -> str:
    """What is said of a passage that nobody has edited."""
    start = " ".join(passage.text.split()[:12])
    return f"Nobody has edited this passage; the machine wrote it: “{start} …”. Read it before it is sent."


# ---- tables


def _tables(part: Part, table: Table, faces: Faces, before: Page | None) -> list[Page]:
    """Rows under hairlines, under the last words of their part where there is room for all of them, else on pages of their own. A row is parted only where it is longer than a page.

    Returns: the pages, the one before among them.
    """
    drawn = _Table(part, table, faces)
    if before is not None:
        low = max(one.y + one.height for one in before.things if not isinstance(one, Rule))
        under = drawn.pages(low + 24, before.things, before.notes)
        if len(under) == 1:
            return under
        return [before, *drawn.pages(TOP, (), (), again=True)]
    return drawn.pages(TOP, (), ())


class _Table:
    """A table on as many pages as it needs."""

    def __init__(self, part: Part, table: Table, faces: Faces) -> None:
        self.part, self.table, self.faces = part, table, faces
        self.size, self.leading, self.gap = 16.0, 24.0, 24.0
        rows = [row for row in (table.head, *table.rows) if row]
        count = max(len(row) for row in rows)
        wide = [max((faces.width("sans", row[n], self.size) / SPARE for row in rows if n < len(row)), default=0) for n in range(count)]
        room = _LINE - self.gap * (count - 1)
        while sum(wide) > room + 0.01:  # the widest gives way, down to the next, and its cells break
            most = max(range(count), key=lambda n: wide[n])
            second = max((one for n, one in enumerate(wide) if n != most and one < wide[most]), default=0)
            level = [n for n in range(count) if wide[n] == wide[most]]
            down = max(second, (room - sum(one for n, one in enumerate(wide) if n not in level)) / len(level))
            for n in level:
                wide[n] = down
        grows = table.figures[0] - 1 if table.figures and table.figures[0] else count - 1
        wide[grows] += max(room - sum(wide), 0)  # figures stand at the right edge
        self.wide = wide

    def pages(self, y: float, things: Sequence[Text | Image | Rule], notes: Sequence[str], *, again: bool = False) -> list[Page]:
        out: list[Page] = []
        now: list[Text | Image | Rule] = list(things) or [_heading(self.faces, self.part, again)]
        said, empty = tuple(notes), True

        def turn() -> float:
            nonlocal now, said, empty
            out.append(Page(name=self.part.title, things=tuple(now), notes=said, part=self.part))
            now, said, empty = [_heading(self.faces, self.part, True)], (), True
            return begin(TOP)

        def begin(y: float) -> float:
            if not any(self.table.head):
                return y
            made, high = self._row(self._lines(self.table.head), y - 5, QUIET)
            now.extend(made)
            return y - 5 + high

        y = begin(y)
        for lines in (part for cells in self.table.rows for part in self._parts(self._lines(cells))):
            made, high = self._row(lines, y, INK)
            if y + high > FOOT - 8 and (not empty or (things and not out)):
                y = turn()
                made, high = self._row(lines, y, INK)
            now += [Rule(x=_COLUMN, y=y, width=_LINE), *made]
            y, empty = y + high, False
        if self.table.foot:
            foot = text_at(self.faces, self.table.foot, _COLUMN, y + 16, _LINE, "sans", 14, 20, QUIET)
            if y + 16 + foot.height > FOOT:
                y = turn()
                foot = text_at(self.faces, self.table.foot, _COLUMN, y + 16, _LINE, "sans", 14, 20, QUIET)
            now.append(foot)
        return [*out, Page(name=self.part.title, things=tuple(now), notes=said, part=self.part)]

    def _lines(self, cells: Sequence[str]) -> list[tuple[str, ...]]:
        """Each cell as it breaks in its column."""
        return [wrapped(self.faces, "sans", cell, self.size, self.wide[n] * SPARE + 0.01) for n, cell in enumerate(cells)]

    def _parts(self, row: Sequence[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
        """A row, in as many parts as it needs pages: in one, unless a cell is longer than a page."""
        over = self._row(self._lines(self.table.head), 0, QUIET)[1] if any(self.table.head) else 0.0
        most = int((FOOT - 8 - TOP - over - 10) // self.leading)
        for first in range(0, max(map(len, row), default=0) or 1, most):
            yield [lines[first : first + most] for lines in row]

    def _row(self, cells: Sequence[tuple[str, ...]], y: float, colour: str) -> tuple[list[Text | Image | Rule], float]:
        x, out, high = float(_COLUMN), list[Text | Image | Rule](), self.leading
        for n, lines in enumerate(cells):
            if lines:
                out.append(Text(x=x, y=y + 5, width=self.wide[n], lines=lines, face="sans", size=self.size, leading=self.leading, colour=colour, right=n in self.table.figures))
                high = max(high, len(lines) * self.leading)
            x += self.wide[n] + self.gap
        return out, high + 10


# ---- pictures


def _frames(deck: Deck, part: Part, faces: Faces, pictures: Callable[[Picture], Prepared]) -> list[Page]:
    """Pictures as large as they get, each over what it shows and where it comes from."""
    pages: list[Page] = []
    groups: list[list[Picture]] = []
    for one in part.pictures:
        upright = pictures(one).height > pictures(one).width
        most = _UPRIGHT if groups and upright and all(pictures(other).height > pictures(other).width for other in groups[-1]) else _PER_PAGE
        if groups and len(groups[-1]) < most:
            groups[-1].append(one)
        else:
            groups.append([one])
    for group in groups:
        again = bool(pages) or bool(part.passages)
        ready = [pictures(one) for one in group]
        heading = _heading(faces, part, again, colour=_LIGHT, width=WIDTH - 2 * EDGE)
        top = TOP - 2 + heading.height + 16
        options = [_grid(faces, group, ready, columns, top) for columns in dict.fromkeys((1, len(group)))]
        best = max(options, key=lambda made: sum(one.width * one.height for one in made if isinstance(one, Image)))
        pages.append(Page(name=part.title, ground=_DARK, things=(heading, *best), notes=_notes_of(group), part=part))
    return pages


def _grid(faces: Faces, group: Sequence[Picture], ready: Sequence[Prepared], columns: int, top: float) -> list[Text | Image | Rule]:
    gap = 24.0
    cell = (WIDTH - 2 * EDGE - gap * (columns - 1)) / columns
    rows = [range(n, min(n + columns, len(group))) for n in range(0, len(group), columns)]
    captions = [[*_caption(faces, one, 0, 0, cell)] for one in group]
    below = [8 + max(sum(text.height for text in captions[n]) for n in row) for row in rows]
    high = (FOOT - 8 - top - sum(below) - 16 * (len(rows) - 1)) / len(rows)
    out: list[Text | Image | Rule] = []
    y = top
    for row, under in zip(rows, below, strict=True):
        sizes = {n: _within(ready[n], cell, max(high, 1)) for n in row}
        tall = max(h for _, h in sizes.values())
        for place, n in enumerate(row):
            x = EDGE + place * (cell + gap)
            w, h = sizes[n]
            out.append(Image(x=x, y=y + tall - h, width=w, height=h, picture=group[n], prepared=ready[n]))
            out += _caption(faces, group[n], x, y + tall + 8, cell)
        y += tall + under + 16
    down = max(FOOT - 8 - (y - 16), 0) * 0.4  # a row that leaves room stands a little above the middle
    return [replace(one, y=one.y + down) for one in out]


def _caption(faces: Faces, picture: Picture, x: float, y: float, width: float) -> Iterator[Text]:
    if picture.says:
        said = text_at(faces, picture.says, x, y, width, "sans", 14, 20, _LIGHT)
        yield said
        y += said.height
    yield _credit(faces, picture, x, y, width)


def _credit(faces: Faces, picture: Picture, x: float, y: float, width: float) -> Text:
    face, colour = ("strong", _LIGHT) if picture.generated else ("sans", _DIM)
    return text_at(faces, picture.credit, x, y, width, face, 12, 16, colour, "credit")


def _within(picture: Prepared, width: float, height: float) -> tuple[float, float]:
    scale = min(width / picture.width, height / picture.height)
    return picture.width * scale, picture.height * scale


def _notes_of(pictures: Sequence[Picture]) -> tuple[str, ...]:
    return tuple(f"{one.path.name}: {GENERATED + ', ' if one.generated else ''}{one.origin}{f', chosen by {one.by}' if one.by else ''}." for one in pictures)


def _numbered(deck: Deck, pages: Sequence[Page], faces: Faces) -> Iterator[Page]:
    yield pages[0]
    for number, page in enumerate(pages[1:], 2):
        colour = _DIM if page.ground == _DARK else QUIET
        words = " · ".join(filter(None, (deck.client, deck.title)))
        room = WIDTH - 2 * EDGE - 64
        lines = wrapped(faces, "sans", words, 12, room * SPARE)
        left = Text(x=EDGE, y=508, width=room, lines=lines[:1], face="sans", size=12, leading=16, colour=colour, role="foot")
        right = Text(x=WIDTH - EDGE - 48, y=508, width=48, lines=(str(number),), face="sans", size=12, leading=16, colour=colour, role="foot", right=True)
        yield Page(name=page.name, ground=page.ground, things=(*page.things, left, right), notes=page.notes, part=page.part)
