"""What a search found, as one page that stands alone: a frame of each shot with where it lies, why it is there and what its rights say. No script, nothing fetched."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from html import escape
from pathlib import PurePath

from answerprint.delivery.report_style import SHEET
from answerprint.shelving.searching import Match, Results

__all__ = ["html"]

_MORE = """\
.wall { display: grid; grid-template-columns: repeat(auto-fill, minmax(264px, 1fr)); gap: 40px 24px; padding: 24px 0 64px; align-items: start; }
.wall figure { margin: 0; } .frame { background: #262626; aspect-ratio: 16 / 9; display: flex; align-items: center; justify-content: center; }
.frame img { width: 100%; height: 100%; max-height: none; object-fit: contain; object-position: center; background: none; } .frame span { color: #b6b6b6; font-size: 12px; }
.wall figcaption { margin-top: 8px; } .wall p { margin: 0 0 4px; overflow-wrap: anywhere; } .name { font-weight: 600; } .small { font-size: 12px; line-height: 16px; }
.folder { grid-column: 1 / -1; font-size: 12px; line-height: 16px; margin: 0; padding-top: 16px; border-top: 1px solid var(--ink); overflow-wrap: anywhere; }
.held { border-left: 4px double var(--ink); padding-left: 8px; }
@media (max-width: 480px) { .wall { grid-template-columns: minmax(0, 1fr); } main { padding-left: 16px; padding-right: 16px; } }
"""


def html(found: Results, previews: Mapping[int, bytes | None]) -> str:
    """The whole page, in the order of the results. previews: JPEG by the shot's number."""
    cells, folder = [], None
    for one in found.matches:
        here = str(PurePath(one.file).parent)
        if here != folder:
            cells.append(f'<p class="folder">{_text(here)}</p>')
            folder = here
        cells.append(_cell(one, previews.get(one.shot)))
    count = "1 shot" if len(found.matches) == 1 else f"{len(found.matches)} shots"
    notes = "".join(f'<p class="small">{_text(note)}</p>' for note in found.notes)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(found.asked or 'Library')}</title><style>\n{SHEET}{_MORE}</style></head><body><main><header><h1>{_text(found.asked or 'What matches')}</h1>"
        f'<p class="small">{count}, {_text(found.order)}.{" The set was cut here; more matches." if found.more else ""}</p>{notes}</header>'
        f'<div class="wall">{"".join(cells)}</div></main></body></html>\n'
    )


def _cell(one: Match, preview: bytes | None) -> str:
    picture = f'<img alt="" src="data:image/jpeg;base64,{base64.b64encode(preview).decode()}">' if preview else "<span>no picture</span>"
    stretch = "" if one.in_s == one.out_s else f" <span>{float(one.in_s):.2f} to {float(one.out_s):.2f} s</span>"
    raster, rate = f"{one.info.get('width')} x {one.info.get('height')}", one.info.get("rate")
    lines = [f'<p class="name">{_text(PurePath(one.file).name)}</p>', f'<p class="small">{raster}{f", {_rate(str(rate))}" if rate else ""}{stretch}</p>']
    lines += [f'<p>{_text(", ".join(one.matched))}</p>'] if one.matched else []
    lines.append(f'<p class="small">{_text(", ".join(one.words))}</p>')
    lines += [f'<p class="small">taken for: {_text(", ".join(name for name, _ in one.things))}</p>'] if one.things else []
    lines.append(f'<p class="small{" held" if one.licence.held_back else ""}">{"held back: " if one.licence.held_back else ""}{_text(one.rights)}</p>')
    lines += [f'<p class="small">generated: {_text(one.generated)}</p>'] if one.generated else []
    lines += [] if one.connected else ['<p class="small">its disk is not connected</p>']
    return f'<figure><div class="frame">{picture}</div><figcaption>{"".join(lines)}</figcaption></figure>'


def _rate(text: str) -> str:
    return f"{float(Fraction(text)):.5g} fps"


def _text(text: str) -> str:
    """Text as a page shows it: marks that turn the reading direction are written out."""
    return escape("".join(f"\\u{ord(char):04x}" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char for char in text))
