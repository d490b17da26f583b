"""How words stand beside each other in the scripts of the world."""

from __future__ import annotations

__all__ = ["UNSPACED"]

#: As the inside of a character class: Thai, Lao, Burmese, Khmer, kana, Han. No spaces part their words, and each sign is taken as one.
UNSPACED = "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
