"""Whether a letter is English, which is all the shipped model reads.

Function words decide, and scripts: detection libraries load profiles of fifty
languages for a third of a second, longer than everything else here takes.
"""

from __future__ import annotations

import re
from itertools import repeat

_WORDS = {
    "en": "the and to of you we for your in that is this with our are have not be will as it on at from i but an by was has they if do "
    "or been can would me us my so thank thanks for all more who what when there their about just hi dear no were he she",
    "de": "der die das und sie wir für ihre ist nicht ein eine mit auf zu den von dass haben uns leider ich im es sich als auch an werden bei ihr ihnen ihrer wurde dem des wie oder aber",
    "fr": "le la les et vous nous de des pour votre est pas une un dans que qui sur avec ne au aux ce cette par plus avons nos je sont été mais ou du en",
    "es": "el la los las y de que para su en por con una un no es se lo del al como más pero le hemos nos usted este esta ha sus gracias muy",
    "it": "il lo la gli le e di che per non un una è con sono del della nel al abbiamo ci si come più ma da suo sua grazie alla dei",
    "pt": "o os as e de que para não um uma em por com é do da se sua seu no na mais mas foi ao dos das nos você obrigado temos",
    "nl": "de het een en van wij voor uw is niet dat met op te zijn aan we je jouw ons hebben helaas ook maar er bij om als naar wordt",
    "sv": "och att vi för är inte en ett med på som av till det du din ditt har den tyvärr oss men om från detta kan",
    "da": "og at vi for er ikke en et med på som af til det du din har den desværre os men om fra kan dig der",
    "no": "og å vi for er ikke en et med på som av til det du din har den dessverre oss men om fra kan deg",
    "fi": "ja on ei että olemme kiitos se joka mutta tai kun sinun teidän hakemus ovat myös tässä",
    "pl": "i w na z do nie się że jest dla o za przez po oraz od jako pana pani państwa niestety ale dziękujemy",
    "cs": "a v na se že je pro s do za od jsme vás nám bohužel ale jako které děkujeme o z",
    "tr": "ve bir bu için ile olarak başvurunuz ne yazık ki sizin bizim da de teşekkür ederiz olan değil",
    "hu": "a az és hogy nem egy is van meg köszönjük sajnos önnek de vagy ezt",
    "ro": "și în de la pentru nu cu care este vă dumneavoastră am pe din mai sunt dar mulțumim",
    "id": "dan yang untuk di dengan tidak kami anda ini dari pada akan telah terima kasih dalam",
}  # fmt: skip
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
#: The languages that a word counts for: a one in the lane of each, so that all are counted in one go.
_LANE = 32
_COUNTS: dict[str, int] = {}
for _at, _known in enumerate(_SETS.values()):
    for _word in _known:
        _COUNTS[_word] = _COUNTS.get(_word, 0) + (1 << _LANE * _at)
_FULL = (1 << _LANE) - 1
_TOKEN = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("ja", "\u3040", "\u30ff"),
    ("ko", "\uac00", "\ud7af"),
    ("zh", "\u4e00", "\u9fff"),
    ("ru", "\u0400", "\u04ff"),
    ("el", "\u0370", "\u03ff"),
    ("ar", "\u0600", "\u06ff"),
    ("he", "\u0590", "\u05ff"),
    ("hi", "\u0900", "\u097f"),
    ("th", "\u0e00", "\u0e7f"),
)
_LOWEST = min(low for _, low, _ in _SCRIPTS)
#: Below this many words, function words prove nothing.
_ENOUGH = 5


def detect(text: str) -> str:
    """The ISO 639-1 code of a text's language, or `und` where it cannot be told.

    A mail in two languages counts as English when a third of its function
    words are: there is enough to read.
    """
    script = None if text.isascii() else _script(text)
    if script:
        return script
    words = [word.lower() for word in _TOKEN.findall(text.replace("'", " ").replace("’", " "))]
    if len(words) < _ENOUGH:
        return "en" if words and text.isascii() and not _foreign_only(words) else "und"
    total = sum(map(_COUNTS.get, words, repeat(0)))
    counts = {code: total >> _LANE * at & _FULL for at, code in enumerate(_SETS)}
    best = max(counts, key=counts.__getitem__)
    most = counts[best]
    if counts["en"] * 10 >= len(words) and counts["en"] * 3 >= most:
        return "en"
    if best != "en" and most * 8 >= len(words):
        return best
    return "en" if counts["en"] * 20 >= len(words) and counts["en"] >= most else "und"


def _script(text: str) -> str | None:
    beyond = [char for char in text if char >= _LOWEST]
    if not beyond:
        return None
    letters = sum(map(str.isalpha, text))
    return next(
        (code for code, low, high in _SCRIPTS if _count(beyond, low, high) * 4 > max(letters, 1)), None
    )


def _count(chars: list[str], low: str, high: str) -> int:
    return sum(low <= char <= high for char in chars)


def _foreign_only(words: list[str]) -> bool:
    english = sum(word in _SETS["en"] for word in words)
    return english == 0 and any(
        word in known for word in words for code, known in _SETS.items() if code != "en"
    )


def english_words() -> frozenset[str]:
    """The function words of English."""
    return _SETS["en"]


def foreign_words() -> frozenset[str]:
    """The function words of all other languages."""
    return frozenset().union(*(words for code, words in _SETS.items() if code != "en"))
