"""Scripts: Fountain, Final Draft, two-column scripts and shot lists become elements and items; text becomes spoken words."""

from answerprint.script.reading import SUFFIXES, read
from answerprint.script.records import Element, Item, Place, Script, ScriptError, Style
from answerprint.script.words import Word, sentences, words

__all__ = ["SUFFIXES", "Element", "Item", "Place", "Script", "ScriptError", "Style", "Word", "read", "sentences", "words"]
