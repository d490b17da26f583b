"""TTML as broadcasters and streamers take it: EBU-TT-D (EBU Tech 3380), which is also IMSC 1.1 text (W3C)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from answerprint.delivery.captioning.languages import right_to_left
from answerprint.delivery.captioning.rules import Rules

__all__ = ["written"]

_STYLES = {"i": "italic", "b": "bold", "u": "underlined"}


def written(cues: Sequence[tuple[Fraction, Fraction, str]], language: str, rules: Rules) -> str:
    """A document of one region at the bottom of the safe area, white on black, centred.

    Args: cues: (start, end, text), in seconds of whole thousandths; a text's lines by line breaks, i, b and u marked as in SubRip.
    """
    wide = language.split("-")[0] in ("ja", "zh", "ko", "cmn", "yue")
    # The default region of EBU-TT-D is 80 % of the picture. A letter of a proportional face is about half a cell high wide: so many columns fit.
    cells = f"{max(rules.columns, 40)} 15"
    way = ' tts:direction="rtl" tts:unicodeBidi="embed"' if right_to_left(language) else ""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling"'
        ' xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xmlns:ebuttm="urn:ebu:tt:metadata" xmlns:ebutts="urn:ebu:tt:style"'
        f' ttp:timeBase="media" ttp:cellResolution="{cells}" ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text" xml:lang={quoteattr(language)}>',
        "  <head>",
        "    <metadata>",
        "      <ebuttm:documentMetadata>",
        "        <ebuttm:conformsToStandard>urn:ebu:tt:distribution:2018-04</ebuttm:conformsToStandard>",
        "        <ebuttm:conformsToStandard>http://www.w3.org/ns/ttml/profile/imsc1.1/text</ebuttm:conformsToStandard>",
        "      </ebuttm:documentMetadata>",
        "    </metadata>",
        "    <styling>",
        f'      <style xml:id="words" tts:fontFamily="{"sansSerif" if wide else "proportionalSansSerif"}" tts:fontSize="100%" tts:lineHeight="125%" tts:textAlign="center"'
        f' tts:color="#ffffff" tts:backgroundColor="#000000c8"{way}/>',
        '      <style xml:id="italic" tts:fontStyle="italic"/>',
        '      <style xml:id="bold" tts:fontWeight="bold"/>',
        '      <style xml:id="underlined" tts:textDecoration="underline"/>',
        "    </styling>",
        "    <layout>",
        '      <region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after" tts:overflow="visible"/>',
        "    </layout>",
        "  </head>",
        "  <body>",
        "    <div>",
        *(f'      <p xml:id="c{n}" region="bottom" begin="{_clock(start)}" end="{_clock(end)}"><span style="words">{_marked(text)}</span></p>' for n, (start, end, text) in enumerate(cues, 1)),
        "    </div>",
        "  </body>",
        "</tt>",
        "",
    ]
    return "\n".join(lines)


def _marked(text: str) -> str:
    found = escape(text)
    for mark, style in _STYLES.items():
        found = found.replace(f"&lt;{mark}&gt;", f'</span><span style="words {style}">').replace(f"&lt;/{mark}&gt;", '</span><span style="words">')
    return found.replace("\n", "<br/>").replace('<span style="words"></span>', "")


def _clock(at_s: Fraction) -> str:
    thousandths = int(at_s * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
