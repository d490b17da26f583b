"""Captions of a version: made from what its cut lets be heard, merged with what a person changed, refused and taken back.

`caption` makes them, `listed` shows them with what is wrong with each, `save` takes a person's change of one. The files lie in
cuts/captions/, VERSION.LANGUAGE.srt and what is made from it; the .srt is the one that people edit.
"""

from answerprint.captioning.editing import Line, Listing, listed, save
from answerprint.captioning.files import FORMATS, RULES
from answerprint.captioning.making import Captioned, caption, outdated, refuse, take_back
from answerprint.captioning.papers import CaptionError, words_of

__all__ = ["FORMATS", "RULES", "CaptionError", "Captioned", "Line", "Listing", "caption", "listed", "outdated", "refuse", "save", "take_back", "words_of"]
