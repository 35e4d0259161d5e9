"""What a reader typed, taken apart, and what it asks of the index. Whatever is typed is taken."""

import re
from dataclasses import dataclass

from tantivy import Occur, Query

from editorial.searching.index import SCHEMA
from editorial.searching.tongues import PAIRS, PLAIN, fold, words_of

LONGEST = 300  # Letters of a question that count.
MOST = 12  # Words of it.
FUZZY_FROM = 5  # Letters: a shorter word with a slip is another word.
TITLE = 3.0  # How much more a word weighs in a title.
QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]|([^\s"“”„«»]+)')


@dataclass(frozen=True)
class Asked:
    """A word, or a phrase: words that stand beside each other."""

    text: str
    is_phrase: bool = False


def read(words: str) -> list[Asked]:
    """Take a question apart."""
    found = []
    for phrase, word in QUOTED.findall(fold(str(words)[:LONGEST])):
        text = phrase.strip() or word
        if words_of(text, PLAIN):
            found.append(Asked(text, is_phrase=bool(phrase.strip())))
    return list(dict.fromkeys(found))[:MOST]


def asked_of_index(asked: list[Asked], tongues) -> Query:
    """All of the words, each in a title or in a text, in whatever language."""
    return Query.boolean_query([(Occur.Must, anywhere(each, tongues)) for each in asked])


def anywhere(each: Asked, tongues) -> Query:
    found = []
    for tongue in tongues:
        words = words_of(each.text, tongue)
        if words:
            found.append(Query.boost_query(beside(f"title_{tongue}", words, tongue), TITLE))
            found.append(beside(f"text_{tongue}", words, tongue))
    return Query.disjunction_max_query(found, 0.1) if found else Query.empty_query()


def beside(field, words, tongue=PLAIN) -> Query:
    if len(words) > 1:
        return Query.phrase_query(SCHEMA, field, list(words))
    if tongue == PAIRS and len(words[0]) == 1 and not words[0].isascii():
        return Query.fuzzy_term_query(SCHEMA, field, words[0], distance=0, prefix=True)
    return Query.term_query(SCHEMA, field, words[0])


def with_slips(asked: list[Asked], tongues) -> Query:
    """The same, but a longer word may have one letter that is wrong, missing or too much."""
    every = []
    for each in asked:
        ways = [Query.boost_query(anywhere(each, tongues), TITLE)]
        words = words_of(each.text, PLAIN)
        if not each.is_phrase and len(words) == 1 and len(words[0]) >= FUZZY_FROM:
            ways.append(Query.fuzzy_term_query(SCHEMA, "words", words[0], distance=1))
        every.append((Occur.Must, Query.disjunction_max_query(ways)))
    return Query.boolean_query(every)


def beginning_of_title(asked: list[Asked], *, slips=False) -> Query:
    """All of the words in a title as it is written; the last one may go on."""
    every = []
    for number, each in enumerate(asked, start=1):
        is_last = number == len(asked)
        for word in words_of(each.text, PAIRS):
            distance = 1 if slips and len(word) >= FUZZY_FROM else 0
            query = Query.fuzzy_term_query(SCHEMA, "names", word, distance=distance, prefix=is_last)
            every.append((Occur.Must, query))
    return Query.boolean_query(every)
