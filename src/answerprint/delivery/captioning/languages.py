"""What has to be known of a language to break its lines: its direction, whether it writes spaces, and where a line may end."""

from __future__ import annotations

import re
from collections.abc import Iterable

from answerprint.delivery import DeliveryError

__all__ = ["likely", "music", "right_to_left", "spaced", "tag", "ties", "words_before"]

#: ISO 639-1, and the longer codes that broadcasters ask for beside them.
_CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he "
    "hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk "
    "ur uz ve vi vo wa wo xh yi yo za zh zu ckb cmn fil gsw nds yue".split()
)
_RIGHT = frozenset("ar ckb dv fa he ps sd ug ur yi".split())
_UNSPACED = frozenset("ja zh cmn yue".split())
_TAG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{2,8})*)")

#: Words that a line or a caption does not end with: they belong to what follows.
_TIES = {
    "en": "a an the my your his her its our their this that these those no every each some any of in on at to for from with by as into onto over under about after before without "
          "and or but if when while because so than that which who is are was were be been am do does did have has had will would can could shall should may might must not "
          "i you he she we they it mr. mrs. ms. dr. st.",
    "de": "der die das den dem des ein eine einen einem einer eines kein keine keinen mein meine dein deine sein seine ihr ihre unser unsere euer eure dieser diese dieses jeder jede jedes "
          "in im an am auf aus bei beim mit nach seit von vom zu zum zur für durch gegen ohne um über unter vor zwischen und oder aber weil wenn dass ob als wie nicht sehr zu "
          "ich du er sie es wir ihr ist sind war hat haben wird kann herr frau dr.",
    "fr": "le la les l' un une des du de d' au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs à en dans sur sous avec sans pour par chez vers entre "
          "et ou mais si que qu' qui dont où car comme ne n' pas très plus je tu il elle on nous vous ils elles est sont a ont être avoir m. mme",
    "es": "el la los las un una unos unas lo al del de a en con sin por para sobre entre hasta desde mi mis tu tus su sus este esta ese esa y e o u pero si que como no muy yo se me te es son",
    "it": "il lo la i gli le l' un uno una di a da in con su per tra fra del della dei delle al alla nel nella sul sulla mio mia tuo tua suo sua e o ma se che come non più io è sono",
    "pt": "o a os as um uma de do da dos das em no na nos nas por pelo pela para com sem sobre entre meu minha seu sua e ou mas se que como não mais eu é são",
    "nl": "de het een van in op aan met voor door naar uit bij om over onder mijn jouw zijn haar ons onze dit dat deze die en of maar als dat omdat niet heel ik je jij hij zij we wij is zijn",
    "ar": "في من إلى على عن مع أن إن أنّ إنّ لا لم لن ما يا هذا هذه ذلك تلك كل بين بعد قبل عند كان قد هل أو ثم و",
    "he": "של את על אל עם מן לא כי אם או גם זה זו כל בין אחרי לפני",
}  # fmt: skip
#: Words that a line begins with well: what comes before is whole without them.
_HEADS = {
    "en": "and but or so because if when while where that which who until than then for with from in on at to after before without like about over under into through between behind of by as since though although",
    "de": "und aber oder denn weil wenn dass ob als wie wo während bis damit für mit von aus in auf an bei nach vor ohne um der die das",
    "fr": "et mais ou donc car si que qui dont où quand comme parce pour avec sans dans sur de à chez vers",
    "es": "y pero o porque si que cuando como donde para con sin en de por hasta desde",
    "it": "e ma o perché se che quando come dove per con senza in di da",
    "pt": "e mas ou porque se que quando como onde para com sem em de por",
    "nl": "en maar of omdat als dat die wanneer waar voor met zonder in op van",
    "ar": "و أو لكن لأن إذا حين في من إلى على مع ثم",
    "he": "ו או אבל כי אם כאשר של עם על",
}
#: "Music", as each language's captions say it.
_MUSIC = {
    "en": "music", "de": "Musik", "fr": "musique", "es": "música", "it": "musica", "pt": "música", "nl": "muziek", "da": "musik", "sv": "musik", "nb": "musikk", "no": "musikk",
    "fi": "musiikkia", "pl": "muzyka", "cs": "hudba", "tr": "müzik", "ru": "музыка", "uk": "музика", "el": "μουσική", "ar": "موسيقى", "he": "מוזיקה", "ja": "音楽", "zh": "音乐", "ko": "음악",
}  # fmt: skip


def tag(text: str) -> str:
    """A language as BCP 47 writes it: "en", "pt-BR".

    Raises: DeliveryError: it is none.
    """
    match = _TAG.fullmatch(text.strip().replace("_", "-"))
    if match is None or match[1].lower() not in _CODES:
        raise DeliveryError(f"{text[:20]!r} is no language. Write its code: en, de, fr, ja, ar, pt-BR.")
    parts = match[2].split("-")[1:]
    return "-".join([match[1].lower(), *(part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower() for part in parts)])


def _base(language: str) -> str:
    return language.split("-")[0].lower()


def right_to_left(language: str) -> bool:
    """Whether it is written from the right."""
    return _base(language) in _RIGHT


def spaced(language: str) -> bool:
    """Whether it parts its words by spaces."""
    return _base(language) not in _UNSPACED


def ties(language: str) -> frozenset[str]:
    """Words that a line should not end with; none where the language is not known here."""
    return _TABLES[0].get(_base(language), frozenset())


def words_before(language: str) -> frozenset[str]:
    """Words that a line begins with well."""
    return _TABLES[1].get(_base(language), frozenset())


_TABLES = tuple({language: frozenset(words.split()) for language, words in table.items()} for table in (_TIES, _HEADS))


def music(language: str) -> str:
    """What stands where music plays: "[music]", in Japanese and Chinese in their own brackets."""
    word = _MUSIC.get(_base(language), "♪")
    return f"（{word}）" if not spaced(language) else f"[{word}]"


def likely(texts: Iterable[str]) -> str | None:
    """The language that words look like, by those that only belong on; None where two are near each other, or none is known."""
    words = [re.sub(r"[^\w'’]", "", text).replace("’", "'").casefold() for text in texts]
    counts = sorted(((sum(word in table for word in words), language) for language, table in _TABLES[0].items()), reverse=True)
    (most, language), (second, _) = counts[:2]
    return language if most >= 5 and most >= 2 * second else None
