"""Lettering with see-through surroundings: supers, legal lines, end cards, prices, disclosures. Pure work: templates and values in, pictures out.

A template says where things stand, how they are set and how they move, in seconds; a row of values fills it; a stage is the raster
it is drawn on, with the fonts and assets it may use. `faults` lists everything that is wrong with a row before anything is drawn.
"""

from answerprint.delivery.supers.checking import disclosed, disclosures, faults, hides, least_s, stands
from answerprint.delivery.supers.drawing import frame, still, used
from answerprint.delivery.supers.errors import Fault, SupersError
from answerprint.delivery.supers.filming import film
from answerprint.delivery.supers.fonts import Fonts, fonts
from answerprint.delivery.supers.rules import Rules, rule_files, rules
from answerprint.delivery.supers.stage import Stage
from answerprint.delivery.supers.template import Field, Template, bundled, fields, read, template
from answerprint.delivery.supers.words import words

__all__ = [
    "Fault", "Field", "Fonts", "Rules", "Stage", "SupersError", "Template", "bundled", "disclosed", "disclosures", "faults", "fields", "film", "fonts",
    "frame", "hides", "least_s", "read", "rule_files", "rules", "stands", "still", "template", "used", "words",
]  # fmt: skip
