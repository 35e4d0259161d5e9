"""What a text says, without how it is set."""

from editorial.richtext.cleaning import parse
from editorial.richtext.document import notes_of, walk, words_of
from editorial.wording import words


def plain_text(html: str, *, notes: bool = True) -> str:
    """The words of a text, a paragraph to a line; each footnote follows its paragraph as a line."""
    lines = []
    for block in walk(parse(html)):
        lines.append(block.words)
        lines += map(words_of, notes_of(block) if notes else [])
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def count_words(html: str) -> int:
    """How many words readers are given, footnotes apart; a Chinese or Japanese sign is one."""
    return words_in(parse(html))


def words_in(blocks) -> int:
    """How many words the blocks of a text have, footnotes apart."""
    said = "\n".join(block.words for block in walk(blocks))
    return sum(1 for word in words(said) if word.strip())
