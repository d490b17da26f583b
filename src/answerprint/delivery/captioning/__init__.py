"""Captions made from what is said: words with times become cues by the rules, cues become files, a person's changes stay.

`heard` reads the cut, `cueing` parts the words, `breaking` breaks the lines, `spreading` lays a translation over the speech,
`merging` keeps what a person changed, `line21` is SCC, `ebutt` is TTML, `burning` draws cues into the picture.
"""

from answerprint.delivery.captioning.rules import LINE_21, STANDARD, TELETEXT, Caption, Fault, Rules, faults, width

__all__ = ["LINE_21", "STANDARD", "TELETEXT", "Caption", "Fault", "Rules", "faults", "width"]
