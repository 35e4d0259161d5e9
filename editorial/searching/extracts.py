"""Where in a text a reader's words stand: one or two sentences, with the words marked."""

import re
import unicodedata
from itertools import islice

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from editorial.searching.tongues import PAIRS, words_of
from editorial.searching.wording import Asked

LENGTH = 240  # Letters of an extract.
LOOKED_AT = 100  # Places in a stretch.
STRETCH = 1000  # Letters that are looked through at a time.


class Plain(dict):
    """Each letter without its accent, one for one, so that places stay what they are."""

    def __missing__(self, code):
        base = unicodedata.normalize("NFD", chr(code))[0]
        plain = base.lower()
        self[code] = ord(plain) if len(plain) == 1 else code
        return self[code]


PLAIN_LETTERS = Plain()


def plain(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(PLAIN_LETTERS)


def stretches(text: str):
    """Parts of a text, from the beginning of a word, a little longer than to the next."""
    for start in range(0, len(text), STRETCH):
        at = text.rfind(" ", max(0, start - LENGTH), start) + 1 or start
        yield at, text[at : start + STRETCH + LENGTH]


class Marker:
    """Finds the words of a question, and their other forms, in texts of a language."""

    def __init__(self, asked: list[Asked], tongue: str):
        self.tongue = tongue
        self.known = {}
        self.stems = set()
        roots = set()
        for each in asked:
            if tongue == PAIRS:
                roots.add(plain(each.text))
                continue
            for word in re.findall(r"\w+", plain(each.text)):
                stems = words_of(word, tongue)
                self.stems.update(stems)
                roots.add(root_of(word, stems))
        begins = "" if tongue == PAIRS else r"\b" if tongue != "ar" else r"\b\w{0,4}?"
        ends = "" if tongue == PAIRS else r"\w*"
        self.roots = sorted(roots, key=len, reverse=True)
        either = "|".join(map(re.escape, self.roots)) or "(?!)"
        self.pattern = re.compile(f"{begins}(?:{either}){ends}")

    def places(self, text: str) -> list[tuple[int, int]]:
        text = plain(text)
        if not any(root in text for root in self.roots):
            return []
        found = islice(self.pattern.finditer(text), LOOKED_AT)
        return [match.span() for match in found if self.is_asked(match[0])]

    def is_asked(self, word) -> bool:
        if self.tongue == PAIRS:
            return True
        if word not in self.known:
            self.known[word] = bool(self.stems.intersection(words_of(word, self.tongue)))
        return self.known[word]

    def places_together(self, text: str) -> list[tuple[int, int]]:
        """The places in the first stretch of a text that has the most of the different words."""
        best, most = [], 0
        for start, stretch in stretches(text):
            places = self.places(stretch)
            words = {plain(stretch[first:last]) for first, last in places}
            different = sum(any(root in word for word in words) for root in self.roots)
            if different > most:
                best, most = [(start + first, start + last) for first, last in places], different
            if most == len(self.roots):
                break
        return best

    def mark(self, text: str) -> SafeString:
        """The whole text, escaped, with the words marked."""
        return marked(text, self.places(text), 0, len(text))

    def extract(self, text: str) -> SafeString:
        """The part of a text in which most of the words stand, or its beginning."""
        places = self.places_together(text)
        start = best_start(places)
        start = 0 if start < LENGTH // 2 else start - LENGTH // 4
        if start:
            start = text.rfind(" ", 0, start) + 1 or start
        end = start + LENGTH
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + LENGTH // 2)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return mark_safe(f"{before}{marked(text, places, start, end)}{after}")  # noqa: S308


def root_of(word, stems):
    """What all forms of a word begin with."""
    stem = min(stems, key=len, default=word)
    shared = 0
    while shared < min(len(word), len(stem)) and word[shared] == stem[shared]:
        shared += 1
    return word[:shared] if shared else stem


def best_start(places):
    """Where the stretch begins that holds the most places."""
    most, best, last = 0, 0, 0
    for first, (start, _end) in enumerate(places):
        while last < len(places) and places[last][0] < start + LENGTH:
            last += 1
        if last - first > most:
            most, best = last - first, start
    return best


def marked(text, places, start, end) -> SafeString:
    parts, at = [], start
    for first, last in places:
        if first < at or last > end:
            continue
        parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
        at = last
    parts.append(escape(text[at:end]))
    return mark_safe("".join(parts))  # noqa: S308 (all of it is escaped)
