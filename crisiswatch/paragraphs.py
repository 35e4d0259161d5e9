r"""
The developments of an entry as one text, as people type it and as data files hold it.

A blank line parts them, and the lead sentence, where there is one, stands between two pairs of
asterisks: ``**Talks resumed.** Delegations met on 3 June …``. What would be read otherwise has a
backslash in front: a blank line within a paragraph is a line with nothing but ``\``. Spaces around
a paragraph go, unless a backslash holds them.
"""

import re
from collections.abc import Iterable

LEAD = re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*", re.DOTALL)
ESCAPED = re.compile(r"\\([\\*\s])")


def as_text(pairs: Iterable[tuple[str, str]]) -> str:
    r"""
    Write pairs of a lead sentence and a body.

    ``parse`` gives back the same pairs, whatever they hold; only the ends of lines become ``\n``.
    """
    pairs = [[one_kind_of_end(part) for part in pair] for pair in pairs]
    return "\n\n".join(written(lead_sentence, body) for lead_sentence, body in pairs)


def parse(text: str) -> list[tuple[str, str]]:
    """Return the pairs of a lead sentence (may be empty) and a body that a text says."""
    paragraphs = [[]]
    for line in one_kind_of_end(text).split("\n"):
        if line.strip():
            paragraphs[-1].append(line)
        elif paragraphs[-1]:
            paragraphs.append([])
    return [read(lines) for lines in paragraphs if lines]


def one_kind_of_end(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def written(lead, body):
    if lead:
        shielded = shield_ends(re.sub(r"([\\*])", r"\\\1", lead))
        text = f"**{shielded}** {shield_start(body)}" if body else f"**{shielded}**"
    else:
        text = f"\\{body}" if LEAD.match(body) else shield_start(body)
    if not text or text[-1].isspace() or text[-1] == "\\":
        text += "\\"
    first, *others = text.split("\n")
    return "\n".join([first, *map(shield_line, others)])


def read(lines):
    first, *others = lines
    text = "\n".join([first.lstrip(), *(line.removeprefix("\\") for line in others)])
    text = text.rstrip().removesuffix("\\")
    if found := LEAD.match(text):
        lead = ESCAPED.sub(r"\1", stripped(found[1].lstrip()))
        if lead:
            return lead, text[found.end() :].lstrip().removeprefix("\\")
    return "", text.removeprefix("\\")


def shield_start(text):
    return f"\\{text}" if text[:1].isspace() or text[:1] == "\\" else text


def shield_line(line):
    return f"\\{line}" if not line.strip() or line[0] == "\\" else line


def shield_ends(lead):
    start = "\\" if lead[0].isspace() else ""
    end = "\\" if lead[-1].isspace() and (len(lead) > 1 or not start) else ""
    return f"{start}{lead[:-1]}{end}{lead[-1]}"


def stripped(text):
    """Without the spaces at its end, except one that a backslash holds."""
    short = text.rstrip()
    held = len(short) < len(text) and (len(short) - len(short.rstrip("\\"))) % 2
    return text[: len(short) + held]
