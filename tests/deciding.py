"""A twelve-shot spot that people decide on: script, attempts and cuts composed in the test, without a prep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio

import answerprint
from answerprint import choosing, drafts, easiness, films, gestures, signoff
from answerprint.book import Book, Person
from answerprint.delivery.specs import spec as spec_called
from answerprint.desk import Desk, Try
from answerprint.film import Cut
from answerprint.gate import Verdict, gate
from answerprint.ledger.store import Record
from answerprint.ledger.verify import Entry, sha256
from answerprint.model.charter import Judgment
from answerprint.model.delivery import WAY
from answerprint.model.judgments import Human
from answerprint.model.records import canonical
from answerprint.model.time import Span
from answerprint.spot import Spot
from answerprint.timeline.cut import CutInfo, Media, at, attach, reference
from tests.ledger.signing import Hand, everything
from tests.made import heard

MARA = Hand("Mara Lind")
RATE = Fraction(25)
#: Eleven shots and the end card; the fifth is the hero shot.
SCRIPT = "shot,description\n" + "\n".join(f"{n},Shot number {n} of the kettle{'. [[HERO: the kettle]]' if n == 5 else ''}" for n in range(1, 12)) + "\n12,End card: SALT\n"
VERSIONS = """version,of,differs,cut,shape,language
master,,,cuts/en.otio,16:9,en
square,master,shape,cuts/en_square.otio,1:1,en
tall,master,shape,cuts/en_tall.otio,9:16,en
fr,master,language,cuts/fr.otio,16:9,fr
fr_square,square,language,cuts/fr_square.otio,1:1,fr
fr_tall,tall,language,cuts/fr_tall.otio,9:16,fr
"""
FAMILY = ("master", "square", "tall", "fr", "fr_square", "fr_tall")


class Composed(Desk):
    """A desk over media that no prep has read: their attempts are said, not found."""

    def __init__(self, production: Spot, tries: Sequence[Try]) -> None:
        super().__init__(production)
        self.__dict__["tries"] = tuple(tries)
        self.__dict__["names"] = {one.clip: one.file for one in tries}


def clip(file: str, first: int, frames: int, *, digest: str | None = None, sound: bool = False, still: bool = False) -> Any:
    media = Media(name=Path(file).name, file=file, digest=digest, rate=None if sound else RATE, video=not sound, still=still,
                  audio_rate_hz=48000 if sound else None, audio_channels=int(sound))  # fmt: skip
    made = otio.schema.Clip(name=Path(file).stem, media_reference=reference(media, Span(start_s=Fraction(0), end_s=Fraction(60)), url=file))
    made.source_range = otio.opentime.TimeRange(at(first / RATE, RATE), at(frames / RATE, RATE))
    return made


def film_entry(desk: Desk, version: str = "master", spec: str = "youtube", *, findings: Sequence[tuple[str, str, str]] = (), essence: str = "", way: int | None = WAY) -> int:
    """The entry that a render leaves, of the film as it is now; there are no pictures. `findings`: check, weight, words. `way`: None as entries were before it stood in them."""
    made_of = films.made_of(desk, version, spec_called(spec, desk.path))
    body = {
        "schema": 1, "what": "film", "version": version, "spec": spec, "file": f"Salt_{version}_{spec}.mp4", "cut": desk.cuts[version].seal,
        "edit": desk.cuts[version].seal, "essence": essence or sha256(canonical(made_of)), "streams": ["video " + sha256(b"picture")], "frames": 600,
        "film_first": 0, "film_frames": 600, "rate": "25/1", "samples": 1152000, "inputs": [], "sources": {}, "levelled": None, "qc": "blake3:" + "0" * 64,
        "findings": [{"check": check, "weight": weight, "says": says} for check, weight, says in findings], "warnings": [], "made_of": made_of, **({"way": way} if way else {}),
    }  # fmt: skip
    with desk.production.writer() as record:
        return record.append("proposal", body).n

#: What this spot may be shown with: its bed has a licence.
RIGHTS = "item,what,holder,paper,applies to\nSalt,music,North Music,licence 12,bed.wav\n"


@dataclass
class Crewed:
    """The spot, its crew's hands, and how many signatures its record has."""

    production: Spot
    record: Record
    tries: tuple[Try, ...]
    seen: set[tuple[str, str]] = field(default_factory=set)  #: version and seal of the cuts whose contact sheet was looked at
    renders: bool = True  #: whether a film is rendered as soon as somebody asks for the verdict: its entry, not its pictures
    looks: bool = True  #: whether who holds the sign-off looks at the easy-choice report of each cut before somebody asks for the verdict

    @classmethod
    def compose(cls, folder: Path, record_of: Hand = MARA, *, silent: bool = False, versions: str = VERSIONS) -> Crewed:
        production = answerprint.new(folder / "spot", rate="25", title="Salt")
        (production.path / "shots.csv").write_text(SCRIPT, encoding="utf-8")
        production.inside.mkdir(exist_ok=True)
        record = production.writer()
        record.sign(record_of.enrols("producer", "director"), record_of)
        record.sign(everything(record_of), record_of)
        tries = [
            Try(name=f"A001_C{n:03d}#{number}", slate=f"{n}-{number} A", file=f"rushes/A001_C{n:03d}.mp4", clip=f"blake3:{n:064x}", attempt=number,
                in_s=str(20.0 * (number - 1)), out_s=str(20.0 * number), items=(n,), picture=True)
            for n in range(1, 12) for number in (1, 2)
        ]  # fmt: skip
        spot = cls(production=production, record=record, tries=tuple(tries))
        for name in ("mix.wav", "bed.wav"):
            heard(production.path / "assets" / name)
        for name in ("grade.cdl", "warm.cube", "square.json", "tall.json", "logo.png", "logo_fr.png"):
            (production.path / "assets" / name).write_bytes(name.encode())
        (production.path / "rights.csv").write_text(RIGHTS, encoding="utf-8")
        if versions:
            (production.path / "versions.csv").write_text(versions, encoding="utf-8")
        for file in ("en", "en_square", "en_tall", "fr", "fr_square", "fr_tall") if versions else ("en",):
            spot.cut(file, card="logo_fr.png" if file.startswith("fr") else "logo.png", silent=silent, voice="fr" if file.startswith("fr") else "en")
        return spot

    def cut(
        self, file: str, *, card: str = "logo.png", voice: str = "en", silent: bool = False, take: int = 1, trim: Mapping[int, int] | None = None,
        shots: Sequence[int] = tuple(range(1, 12)),
    ) -> Path:  # fmt: skip
        """Write a cut: the shots, the end card, the voice. `trim`: shot -> frames fewer."""
        frames = {n: 50 - (trim or {}).get(n, 0) for n in shots}
        picture = [clip(f"rushes/A001_C{n:03d}.mp4", 10 + 500 * (take - 1), frames[n], digest=f"blake3:{n:064x}") for n in shots]
        picture.append(clip(f"assets/{card}", 0, 50, still=True))
        timeline = otio.schema.Timeline(name=file, global_start_time=at(Fraction(3600), RATE))
        timeline.tracks.append(otio.schema.Track("V1", kind="Video", children=picture))
        if not silent:
            heard = clip(f"sound/VO_{voice}.wav", 0, sum(frames.values()), digest=f"blake3:voice {voice}", sound=True)
            timeline.tracks.append(otio.schema.Track("A1", kind="Audio", children=[heard]))
        attach(timeline, CutInfo(rate=RATE))
        path = self.production.path / "cuts" / f"{file}.otio"
        otio.adapters.write_to_file(timeline, str(path))
        return path

    # ---- people

    @property
    def desk(self) -> Composed:
        return Composed(self.production, self.tries)

    def person(self, hand: Hand = MARA) -> Person:
        found = Book(self.record).of_key(hand.key_id)
        assert found is not None
        return found

    def sheet_seen(self, cut: Cut) -> bool:
        return (cut.version, cut.seal) in self.seen

    def look_at_every_sheet(self) -> None:
        self.seen |= {(one.version, one.seal) for one in self.desk.cuts.values()}

    def choose(self, what: str, choice: str | None = None, because: str = "") -> None:
        self.choose_all({what: choice}, because)

    def choose_all(self, choices: Mapping[str, str | None], because: str = "") -> None:
        """Choose from one desk, as somebody does who sits there for a while."""
        desk, made = self.desk, []
        for what, choice in choices.items():
            meant = choosing.thing(desk, what)
            told = choosing._choice(desk, meant, choice)
            made += [drafts.Draft(judgment=str(one), about=meant.about, choice=told, because=because) for one in meant.judgments]
        drafts.put(self.production.inside, *made)

    def choose_everything(self, *, shapes: bool = True) -> None:
        whole = {"film": None, "grade": "grade.cdl", "mix": "mix.wav", "bed": "bed.wav", "framing:5": "as shot"}
        framed = {"framing:5@square": "square.json", "framing:5@tall": "tall.json"} if shapes else {}
        self.choose_all({f"item:{n}": f"A001_C{n:03d}#1" for n in range(1, 12)} | whole | framed)

    def sign(self, gesture: str, hand: Hand = MARA) -> Entry:
        """One signature: a gesture, or "again"."""
        desk = self.desk
        made = gestures.again(desk, self.person(hand)) if gesture == "again" else gestures.gesture(desk, gesture, self.person(hand))
        entry = self.put(made.content, hand)
        drafts.clear(self.production.inside, *made.drafts)
        return entry

    def film(self, version: str = "master", spec: str = "youtube", *, findings: Sequence[tuple[str, str, str]] = (), essence: str = "") -> int:
        """The entry that a render leaves, of the film as it is now. `findings`: check, weight, words."""
        return film_entry(self.desk, version, spec, findings=findings, essence=essence)

    def render(self, *versions: str) -> None:
        """Every version that has a cut and no film that stands gets one, where this spot renders at all."""
        if self.renders and (self.production.inside / "record.db").exists():
            desk = self.desk
            asked = films.Asked.of(desk)
            for version in desk.cuts:
                if not asked.standing(desk, version):
                    self.film(version)

    def look(self) -> None:
        """Every report that is a version's own was on the screen of who holds the sign-off, as it is now."""
        if self.looks and (self.production.inside / "record.db").exists():
            desk = self.desk
            holder = desk.book.holder(Judgment.SIGN_OFF) if desk.book else None
            for version in desk.cuts if holder is not None else ():
                if easiness.own(desk, version):
                    easiness.saw(desk, version, holder.id)

    def page(self, *versions: str, hand: Hand = MARA) -> signoff.Page:
        self.render()
        self.look()
        return signoff.page(self.desk, self.person(hand), versions or ("all",), sheet_seen=self.sheet_seen)

    def sign_off(self, *versions: str, hand: Hand = MARA) -> Entry:
        return self.put(signoff.yes(self.page(*versions, hand=hand)), hand)

    def put(self, content: Human, hand: Hand = MARA) -> Entry:
        return self.record.sign(content, hand)

    def verdict(self, *versions: str) -> Verdict:
        self.render()
        self.look()
        return gate(self.desk, *versions, sheet_seen=self.sheet_seen)

    def signatures(self) -> int:
        """How often somebody signed a judgment or the film: entries, not decisions."""
        return sum(entry.kind in ("decision", "signoff") for entry in self.record.signed())
