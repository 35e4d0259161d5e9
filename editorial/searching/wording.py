"""What a reader typed, taken apart, and what it asks of the index. Whatever is typed is taken."""

import re
from dataclasses import dataclass

from tantivy import Occur, Query

from editorial.searching.index import SCHEMA
from editorial.searching.tongues import PAIRS, PLAIN, fold, side_by_side, words_of

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


def asked_of_index(asked: list[Asked], tongues, common=()) -> Query:
    """
    All of the words, each in a title or in a text, in whatever language. Those that are ``common``
    are only found, for to weigh them takes long.
    """
    every = [anywhere(each, tongues, weighed=each not in common) for each in asked]
    return Query.boolean_query([(Occur.Must, query) for query in every])


def anywhere(each: Asked, tongues, *, weighed=True) -> Query:
    found = []
    for tongue in tongues:
        words = words_of(each.text, tongue)
        pairs = [term(field, pair) for field, pair in short_words(each, [tongue])]
        if pairs and len(words) == 2 and not weighed:
            found += pairs
        elif words:
            title = Query.boost_query(beside(f"title_{tongue}", words, tongue), TITLE)
            text = beside(f"text_{tongue}", words, tongue)
            found += [where(pairs, title), where(pairs, text)]
    return Query.disjunction_max_query(found, 0.1) if found else Query.empty_query()


def short_words(each: Asked, tongues) -> list[tuple[str, str]]:
    """Each two short words of it that stand beside each other, with the field of a tongue."""
    return [
        (f"short_{tongue}", pair)
        for tongue in tongues
        for pair in side_by_side(words_of(each.text, tongue), tongue)
    ]


def where(pairs: list[Query], phrase: Query) -> Query:
    """A phrase, whose places are compared only where its short words stand beside each other."""
    if not pairs:
        return phrase
    every = [*(Query.const_score_query(pair, 0.0) for pair in pairs), phrase]
    return Query.boolean_query([(Occur.Must, query) for query in every])


def term(field, word) -> Query:
    return Query.term_query(SCHEMA, field, word)


def beside(field, words, tongue=PLAIN) -> Query:
    if len(words) > 1:
        return Query.phrase_query(SCHEMA, field, list(words))
    if tongue == PAIRS and len(words[0]) == 1 and not words[0].isascii():
        return Query.fuzzy_term_query(SCHEMA, field, words[0], distance=0, prefix=True)
    return term(field, words[0])


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
