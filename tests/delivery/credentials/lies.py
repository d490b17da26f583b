"""Every way we know to make a file say something else than its record: how it is done, and what has to be said about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from answerprint.delivery.credentials import Action, Checkpoint, Claims, Held, Public, Said, Signed
from answerprint.delivery.credentials.certificates import own
from answerprint.delivery.credentials.comparing import compare
from answerprint.delivery.credentials.manifest import builder, definition
from answerprint.delivery.credentials.parts import parts_form
from answerprint.delivery.essence import essence
from answerprint.model.charter import Judgment
from tests.delivery.credentials.made import EDIT, EVERYTHING, IPTC, Shot, credited, film, flipped, in_mdat, remuxed, signed_as

Told = tuple[Path, Path | None]  #: the file, and credentials beside it
HIDDEN = Public()


@dataclass(frozen=True, kw_only=True)
class Lie:
    name: str
    tell: Callable[[Shot, Path], Told]
    words: str  #: what one of the sentences says, as a pattern
    broadcast: bool = False


def caught(shot: Shot, lie: Lie, folder: Path) -> tuple[Said, tuple[str, ...]]:
    """What the file says then, and every disagreement with the record."""
    path, beside = lie.tell(shot, folder)
    said = shot.says(path, beside)
    return said, compare(said, shot.claims, essence_now=_now(path), certificate=shot.certificate.seal)


def _now(path: Path) -> str:
    from answerprint.model.records import AnswerprintError

    try:
        return essence(path, edit=EDIT).digest
    except AnswerprintError:
        return "nothing that can be read"


# ---- somebody with our program and our certificate claims something else


def other(public: Public = EVERYTHING, **changed: Any) -> Callable[[Shot, Path], Told]:
    return claiming(lambda claims: replace(claims, **changed), public)


def claiming(change: Callable[[Claims], Claims], public: Public = EVERYTHING) -> Callable[[Shot, Path], Told]:
    def tell(shot: Shot, folder: Path) -> Told:
        return shot.sign(str(folder / "lie.mp4"), claims=change(shot.claims), public=public), None

    return tell


def without(kind: str) -> Callable[[Claims], Claims]:
    return lambda claims: replace(claims, ingredients=tuple(one for one in claims.ingredients if one.kind != kind))


def about(title: str, **changed: Any) -> Callable[[Claims], Claims]:
    return lambda claims: replace(
        claims, ingredients=tuple(replace(one, **changed) if one.title == title else one for one in claims.ingredients)
    )


def held(judgment: Judgment, **changed: Any) -> Callable[[Claims], Claims]:
    return lambda claims: replace(
        claims, judgments=tuple(replace(one, **changed) if one.judgment is judgment else one for one in claims.judgments)
    )


def did(at: int, **changed: Any) -> Callable[[Claims], Claims]:
    return lambda claims: replace(
        claims, actions=tuple(replace(one, **changed) if number == at else one for number, one in enumerate(claims.actions))
    )


# ---- somebody with another program and our certificate writes a manifest by hand


def by_hand(change: Callable[[dict[str, Any]], object], *, bring: bool = True) -> Callable[[Shot, Path], Told]:
    def tell(shot: Shot, folder: Path) -> Told:
        parts = parts_form(shot.claims, EVERYTHING)
        kept = parts if bring else tuple(replace(part, own="none") for part in parts)
        manifest = definition(shot.claims, EVERYTHING, kept)
        change(manifest)
        return signed_as(shot.film, folder / "lie.mp4", builder(manifest, kept, shot.media), shot.certificate), None

    return tell


def action(at: int, **changed: Any) -> Callable[[dict[str, Any]], object]:
    return lambda manifest: manifest["assertions"][0]["data"]["actions"][at].update(changed)


def no_claims(manifest: dict[str, Any]) -> None:
    del manifest["assertions"][1]


def one_more(manifest: dict[str, Any]) -> None:
    manifest["assertions"][1]["data"]["award"] = "Golden Lion"


# ---- somebody without our certificate changes the file


def another_signer(shot: Shot, folder: Path) -> Told:
    return shot.sign(str(folder / "lie.mp4"), certificate=own(folder / "somebody")), None


def changed_at(place: Callable[[Path], int]) -> Callable[[Shot, Path], Told]:
    def tell(shot: Shot, folder: Path) -> Told:
        path = shot.sign(str(folder / "lie.mp4"))
        return flipped(path, place(path)), None

    return tell


def at_text(text: bytes) -> Callable[[Path], int]:
    return lambda path: path.read_bytes().index(text) + 2


def inside_the_ingredient(path: Path) -> int:
    return path.read_bytes().index(b"Dreamer")


def in_the_signature(path: Path) -> int:
    """The last signature's last bytes: in front of them lies the padding that was asked for."""
    raw = path.read_bytes()
    return raw.rindex(b"c2pa.signature") + 60


def reencoded(shot: Shot, folder: Path) -> Told:
    return shot.on(film(folder / "again.mp4", seed=1, loud=0.11)).sign(str(folder / "lie.mp4")), None


def shortened(shot: Shot, folder: Path) -> Told:
    return shot.on(film(folder / "short.mp4", frames=24)).sign(str(folder / "lie.mp4")), None


def stripped(shot: Shot, folder: Path) -> Told:
    return remuxed(shot.sign(str(folder / "signed.mp4")), folder / "lie.mp4"), None


def trimmed(shot: Shot, folder: Path) -> Told:
    """The end of the manifest is cut off, and the box that holds it made to fit."""
    path = shot.sign(str(folder / "lie.mp4"))
    raw = path.read_bytes()
    at = raw.index(b"uuid\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81") - 4
    size = int.from_bytes(raw[at : at + 4], "big")
    path.write_bytes(raw[: at + size - 4000] + bytes(4000) + raw[at + size :])
    return path, None


def transplanted(shot: Shot, folder: Path) -> Told:
    """The box with the credentials out of this film, put into another."""
    raw = shot.sign(str(folder / "signed.mp4")).read_bytes()
    at = raw.index(b"uuid\xd8\xfe\xc3\xd6") - 4
    box = raw[at : at + int.from_bytes(raw[at : at + 4], "big")]
    other = film(folder / "lie.mp4", seed=99).read_bytes()
    first = int.from_bytes(other[:4], "big")
    (folder / "lie.mp4").write_bytes(other[:first] + box + other[first:])
    return folder / "lie.mp4", None


def somebody_elses(shot: Shot, folder: Path) -> Told:
    path = folder / "lie.mp4"
    path.write_bytes(shot.film.read_bytes())
    return credited(path, shot.certificate, "digitalCapture"), None


def swapped_sidecar(shot: Shot, folder: Path) -> Told:
    out = shot.sign(str(folder / "right.mxf"))
    shot.on(film(folder / "other.mxf", seed=5)).sign(str(folder / "wrong.mxf"))
    return out, folder / "wrong.c2pa"


def lost_sidecar(shot: Shot, folder: Path) -> Told:
    out = shot.sign(str(folder / "right.mxf"))
    out.with_suffix(".c2pa").unlink()
    return out, None


def changed_broadcast(shot: Shot, folder: Path) -> Told:
    out = shot.sign(str(folder / "right.mxf"))
    return flipped(out, out.stat().st_size // 2), None


LIES = (
    Lie(name="an ingredient is taken out", tell=claiming(without("music")), words=r'"bed.wav" is in the record and not in the file'),
    Lie(name="an ingredient is taken out of a file that names none", tell=claiming(without("music"), HIDDEN), words="Music: the file says 0, the record says 1"),
    Lie(name="an ingredient is exchanged in a file that names none", tell=claiming(about("bed.wav", digest="blake3:zz"), HIDDEN), words="ingredients are not the record's"),
    Lie(
        name="what was generated is called recorded", tell=claiming(about("sky.png", source_type="digitalCapture"), HIDDEN),
        words="Generated: the file says 1 recorded by a camera or a microphone .* the record says 2 generated by a trained model",
    ),
    Lie(name="the film is called a recording, by hand", tell=by_hand(action(0, digitalSourceType=IPTC + "digitalCapture")), words=r"Put together .*: the file says recorded by a camera"),
    Lie(name="another cut's checkpoint", tell=other(checkpoint=Checkpoint(entry=40, seal="sha256:" + "40" * 32)), words="Another checkpoint: .*entry 40.*entry 41"),
    Lie(name="another edit", tell=by_hand(lambda m: m["assertions"][1]["data"].update(edit="sha256:00")), words="Another seal of the edit"),
    Lie(name="picture and sound are encoded again, and signed again", tell=reencoded, words="Picture or sound .* is not what was signed"),
    Lie(name="a frame is cut off, and the rest signed again", tell=shortened, words="Picture or sound .* is not what was signed"),
    Lie(name="another signer of the same name", tell=another_signer, words="signed with another certificate"),
    Lie(name="the manifest is trimmed", tell=trimmed, words="credentials are broken"),
    Lie(name="the credentials are stripped", tell=stripped, words="carries no credentials, and the record says that it left with them"),
    Lie(name="the credentials come out of another film", tell=transplanted, words="changed after it was signed"),
    Lie(name="somebody else's credentials stand there", tell=somebody_elses, words="none of our claims"),
    Lie(name="the machine's judgment is called a person's", tell=claiming(held(Judgment.MUSIC_BED, holder="Bo", machine=False)), words='Music bed: the file says that "Bo" holds it, .* the machine'),
    Lie(name="a judgment is another person's", tell=claiming(held(Judgment.GRADE, holder="Bo")), words='Grade: the file says that "Bo" holds it'),
    Lie(
        name="a judgment is dropped", words="Take: the record says .* the file says nothing of it",
        tell=claiming(lambda claims: replace(claims, judgments=claims.judgments[1:])),
    ),
    Lie(
        name="a judgment is made up", words="Mix: the file says .* the record knows no such judgment",
        tell=claiming(lambda claims: replace(claims, judgments=(*claims.judgments, Held(judgment=Judgment.MIX, holder="Bo", entry=9)))),
    ),
    Lie(name="another spec", tell=other(spec="tv-eu"), words='Another spec: the file says "tv-eu", the record says "youtube"'),
    Lie(name="another version", tell=other(version="30s de"), words='Another version: the file says "30s de"'),
    Lie(name="another title", tell=other(title="Tee"), words='Another title: the file says "Tee"'),
    Lie(name="released without the director, called signed off", tell=other(signed=Signed(how="released, not signed,", by="Bo", entry=41)), words="Another sign-off"),
    Lie(name="a byte of picture is changed", tell=changed_at(in_mdat), words="something else in the file was changed"),
    Lie(name="how it was done is changed", tell=claiming(did(0, parameters={"method": "by ear"})), words="Noise taken out of 1 sound: .* how it was done: .*by ear.*spectral gate"),
    Lie(name="what the machine did is left out", tell=claiming(lambda claims: replace(claims, actions=claims.actions[1:])), words="does not say that this was done: noise taken out of 1 sound"),
    Lie(name="the machine's correction is called a person's", tell=claiming(did(1, source_type="humanEdits", agent=None)), words="2 clips corrected to match: the file says made from"),
    Lie(name="another program is said to have done it", tell=claiming(did(0, agent="A nice person")), words='Noise taken out of 1 sound: the file says that "A nice person" did it, the record says "Answerprint clean-up 1"'),
    Lie(
        name="something is claimed that nobody did", words="and the record does not: .*restored by hand",
        tell=claiming(lambda claims: replace(claims, actions=(*claims.actions, Action(what="restored by hand", name="c2pa.edited")))),
    ),
    Lie(name="a claim is edited in the file", tell=changed_at(at_text(b'"Kaffee')), words="claims was changed after it was signed"),
    Lie(name="the signature is scratched", tell=changed_at(in_the_signature), words="credentials are broken"),
    Lie(name="an ingredient's own credentials are left behind", tell=by_hand(lambda m: None, bring=False), words='lacks "dream.mp4" with valid credentials of its own'),
    Lie(name="an ingredient's own credentials are changed inside", tell=changed_at(inside_the_ingredient), words="credentials are broken: .*(ingredient|claim)"),
    Lie(name="our claims are taken out, and the rest signed again", tell=by_hand(no_claims), words="none of our claims"),
    Lie(name="a claim is added by hand", tell=by_hand(one_more), words="record does not know: award"),
    Lie(name="another film's sidecar", tell=swapped_sidecar, words="belong to another file", broadcast=True),
    Lie(name="the sidecar is gone", tell=lost_sidecar, words="carries no credentials", broadcast=True),
    Lie(name="the film beside its sidecar is changed", tell=changed_broadcast, words="the file was changed after it was signed", broadcast=True),
)  # fmt: skip
