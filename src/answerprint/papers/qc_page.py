"""The QC report of a film as the record keeps it, with the film's own pictures at what it warns of, and what its signer said to that."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from answerprint.model.judgments import Noted
from answerprint.papers.frames import PLACES
from answerprint.papers.sheet import facts, listed, page
from answerprint.record_style import items, person, plate, text

__all__ = ["html"]

_PLACES = 6  #: of one finding; all are in the JSON


def html(report: Mapping[str, Any], *, file: str, notes: Sequence[Noted], signed: str, pictures: Mapping[int, bytes] | None = None) -> str:
    """The page of one kept report.

    Args: report: as `report_json` wrote it.  file: the name that the film leaves under.  notes: of this film.
          signed: the line under a note, made already.  pictures: frames of the film as JPEG, by number.
    """
    spec = report.get("spec") or {}
    against = f"Held against {spec.get('title', '')}, as its source was read on {spec.get('dated', '')}." if spec else "No spec was named: looked at for what is wrong with any film."
    verdict = str(report.get("verdict", ""))
    said = {(one.check, one.says): one.note for one in notes}
    found = items(_finding(one, said.get((str(one.get("check")), str(one.get("says"))), ""), signed, pictures or {}) for one in report.get("findings", ()))
    parts = [
        plate("Findings", found) if found else listed("Findings", (), "None."),
        plate("What it is", facts((str(name), str(value)) for name, value in (report.get("facts") or {}).items())),
        listed("Not checked", [str(one) for one in report.get("unchecked", ())], "The report lists nothing."),
        plate("The spec’s source", f'<p class="small">{text(" ".join(str(spec.get("source", "")).split()))}</p>') if spec.get("source") else "",
    ]
    lede = (against, "Checked on the encoded film, before Content Credentials were put in. The machine checked it; it says what it found, and nothing of whether the film is good.")
    return page(f"{file}: technical QC", "Technical QC", file, lede, parts, verdict=f"{verdict[:1].upper()}{verdict[1:]}." if verdict else "")


def _finding(one: Mapping[str, Any], note: str, signed: str, pictures: Mapping[int, bytes]) -> str:
    weight = str(one.get("weight", ""))
    shown = weight if weight in ("FAIL", "WARN") else "note"
    says = str(one.get("says", ""))
    measured = "; ".join(f"{what} {one[key]}" for key, what in (("measured", "measured"), ("allowed", "asked for")) if one.get(key))
    where = [str(place.get("timecode", "")) for place in one.get("where", ())]
    places = ", ".join(where[:_PLACES]) + (f" and {len(where) - _PLACES} more places, in the JSON" if len(where) > _PLACES else "")
    answer = f'<div class="thread">{person(note)}{signed}</div>' if note.strip() else ""
    return (
        f'<p><span class="weight {shown}">{shown}</span><b>{text(str(one.get("check", "")))}</b></p><p>{text(says[:1].upper() + says[1:])}{"" if says.endswith((".", "!", "?")) else "."}</p>'
        + (f'<p class="small">{text(measured)}</p>' if measured else "") + (f'<p class="small">At {text(places)}</p>' if places else "")
        + (f'<p class="tiny">{text(str(one["source"]))}</p>' if one.get("source") else "") + _strip(one, pictures) + answer
    )  # fmt: skip


def _strip(one: Mapping[str, Any], pictures: Mapping[int, bytes]) -> str:
    """The pictures at the first places of a finding that weighs something."""
    shown = [place for place in one.get("where", ())[:PLACES] if one.get("weight") in ("FAIL", "WARN") and place.get("first") in pictures]
    figures = []
    for place in shown:
        words = text(f"frame {place['first']}, {place.get('timecode', '')}")
        data = base64.b64encode(pictures[place["first"]]).decode("ascii")
        figures.append(f'<figure><img src="data:image/jpeg;base64,{data}" alt="The picture at {words}"><figcaption class="tiny">{words}</figcaption></figure>')
    return f'<div class="strip">{"".join(figures)}</div>' if figures else ""
