"""Technical QC of a finished file: one decode pass, families of checks over what it found, a report.

`check` gives the findings alone; `examine` gives them with everything that was measured, for the report. The best that is ever said is
"nothing wrong found".
"""

from answerprint.delivery.qc.examine import check, examine
from answerprint.delivery.qc.records import BEST_WORDS, Report

__all__ = ["BEST_WORDS", "Report", "check", "examine"]
