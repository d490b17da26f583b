"""The lined script: a script with every take drawn down it, as a script supervisor does, on screen and on paper.

    sheet = lay_out(script, takes)
    html(sheet), pdf(sheet)

Straight is on camera, wavy is off camera, thin is not known. Pure work: a script and takes in, a page out; nothing is read or written.
"""

from answerprint.script.lining_sheet.finding import Place, Words, in_column, on_pages, words_of
from answerprint.script.lining_sheet.layout import lay_out
from answerprint.script.lining_sheet.page_html import Parts, Spot, html, parts
from answerprint.script.lining_sheet.page_pdf import pdf
from answerprint.script.lining_sheet.records import LinedTake, Link, Page, Sheet

__all__ = ["LinedTake", "Link", "Page", "Parts", "Place", "Sheet", "Spot", "Words", "html", "in_column", "lay_out", "on_pages", "parts", "pdf", "words_of"]
