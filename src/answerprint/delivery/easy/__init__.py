"""The easy-choice report: palette, rhythm and music bed of a film beside what would be there if nobody had decided. Facts and sentences, no score.

Pure work: arrays, a plan and files in; records, a page and a PDF out. Who chose, and over what, is told by the caller.
"""

from answerprint.delivery.easy.records import Chose, Measured, Offered, Plate, Report, Standing
from answerprint.delivery.easy.standing import stands

__all__ = ["Chose", "Measured", "Offered", "Plate", "Report", "Standing", "stands"]
