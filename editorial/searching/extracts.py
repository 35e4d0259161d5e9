"""Where in a text a reader's words stand: one or two sentences, with the words marked."""

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from editorial.searching.tongues import PAIRS, words_of
from editorial.searching.wording import Asked

LENGTH = 240  # Letters of an extract.
LOOKED_AT = 100  # Places in a text.


class Plain(dict):
    """Each letter without its accent, one for one, so that places stay what they are."""

    def __missing__(self, code):
        base = unicodedata.normalize("NFD", chr(code))[0]
        plain = base.lower()
        self[code] = ord(plain) if len(plain) == 1 else code
        return self[code]


PLAIN_LETTERS = Plain()


class Marker:
    """Finds the words of a question, and their other forms, in texts of a language."""

    def __init__(self, asked: list[Asked], tongue: str):
        self.tongue = tongue
        self.known = {}
        self.stems = set()
        roots = set()
        for each in asked:
            plain = each.text.translate(PLAIN_LETTERS)
            if tongue == PAIRS:
                roots.add(re.escape(plain))
                continue
            for word in re.findall(r"\w+", plain):
                stems = words_of(word, tongue)
                self.stems.update(stems)
                roots.add(re.escape(root_of(word, stems)))
        begins = "" if tongue == PAIRS else r"\b" if tongue != "ar" else r"\b\w{0,4}?"
        ends = "" if tongue == PAIRS else r"\w*"
        longest_first = sorted(roots, key=len, reverse=True)
        self.pattern = re.compile(f"{begins}(?:{'|'.join(longest_first) or '(?!)'}){ends}")

    def places(self, text: str) -> list[tuple[int, int]]:
        found = []
        for number, match in enumerate(self.pattern.finditer(text.translate(PLAIN_LETTERS))):
            if number >= LOOKED_AT:
                break
            if self.is_asked(match[0]):
                found.append(match.span())
        return found

    def is_asked(self, word) -> bool:
        if self.tongue == PAIRS:
            return True
        if word not in self.known:
            self.known[word] = bool(self.stems.intersection(words_of(word, self.tongue)))
        return self.known[word]

    def mark(self, text: str) -> SafeString:
        """The whole text, escaped, with the words marked."""
        return marked(text, self.places(text), 0, len(text))

    def extract(self, text: str) -> SafeString:
        """The part of a text in which most of the words stand, or its beginning."""
        places = self.places(text)
        start = best_start(places)
        start = max(0, start - LENGTH // 4)
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
