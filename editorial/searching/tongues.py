"""
How texts of each language are cut into words, and which words count as the same.

Tantivy has stemmers for most European languages and for Arabic. Hebrew and all others are found by
their words as written. Chinese, Japanese and Korean do not part words as a reader would ask for
them: their texts are indexed by pairs of letters, so that what stands inside is found.
"""

import re
import unicodedata
from itertools import pairwise

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

STEMMED = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "ta": "Tamil",
    "tr": "Turkish",
}
PAIRS = "pairs"
PLAIN = "plain"
TONGUES = [*STEMMED, PAIRS, PLAIN]
IN_PAIRS = {"zh", "ja", "ko"}
LONGEST_WORD = 60  # Bytes.
SHORT = 4  # Letters: the commonest words of a language have no more.

# Vowel signs of Hebrew and Arabic, and the Arabic stroke that only widens a word.
SIGNS = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
# Han, kana and Hangul.
LETTERS_IN_PAIRS = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
RUN = re.compile(f"{LETTERS_IN_PAIRS}+")


def tongue_of(language: str) -> str:
    """The tongue in which a text of a language (a code such as ``pt-br``) is indexed."""
    code = language.split("-")[0].lower()
    if code in IN_PAIRS:
        return PAIRS
    return code if code in STEMMED else PLAIN


def fold(text: str) -> str:
    """Return a text without what some write and others leave out: compatibility, vowel signs."""
    text = text.replace("\x00", " ")
    if text.isascii():
        return text
    return SIGNS.sub("", unicodedata.normalize("NFC", text))


def in_pairs(text: str) -> str:
    """Return a text with runs of East Asian letters written as pairs: 平壤市 as 平壤 壤市."""
    return RUN.sub(lambda run: f" {' '.join(pairs(run[0]))} ", text)


def pairs(run):
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def as_indexed(text: str, tongue: str) -> str:
    return in_pairs(text) if tongue == PAIRS else text


def analyzer(*filters):
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD))
    for each in (Filter.lowercase(), *filters):
        builder = builder.filter(each)
    return builder.build()


def make_analyzers():
    """By tongue; stems are found before accents go, for they are part of the rules."""
    plain = {tongue: analyzer(Filter.ascii_fold()) for tongue in (PAIRS, PLAIN)}
    return plain | {
        tongue: analyzer(Filter.stemmer(name), Filter.ascii_fold())
        for tongue, name in STEMMED.items()
    }


ANALYZERS = make_analyzers()


def words_of(text: str, tongue: str) -> list[str]:
    """The words of a text as they stand in the index."""
    return ANALYZERS[tongue].analyze(as_indexed(fold(text), tongue))


def side_by_side(words: list[str], tongue: str) -> list[str]:
    """
    Each two short words that stand beside each other, as one word: ``of_the``.

    Common words have so many places in a text that to compare these takes long.
    """
    if tongue == PAIRS:
        return []
    return [f"{a}_{b}" for a, b in pairwise(words) if len(a) <= SHORT and len(b) <= SHORT]
