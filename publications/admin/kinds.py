"""Which parts of the form a kind has."""

from publications.models import Publication

Kind = Publication.Kind

# What only some kinds have: fields, and relations to rows. All else every kind has.
NUMBER = {"number", "numbered_in"}
STRUCTURE = {"summary", "findings", "recommendations"}
ORIGINAL = {"original_outlet", "original_url"}
HAS = {
    Kind.REPORT: NUMBER | STRUCTURE,
    Kind.BRIEFING: NUMBER | STRUCTURE,
    Kind.QUESTIONS: {"questions"} | ORIGINAL,
    Kind.COMMENTARY: ORIGINAL,
    Kind.OP_ED: ORIGINAL,
    Kind.STATEMENT: {"recommendations"},
    Kind.PODCAST: {"number", "media_url"},
    Kind.VIDEO: {"media_url"} | ORIGINAL,
    Kind.VISUAL_EXPLAINER: {"media_url"},
    Kind.WATCH_LIST: NUMBER | STRUCTURE,
    Kind.SPEECH: ORIGINAL,
}
PARTICULAR = set().union(*HAS.values())


def has(kind: str, name: str) -> bool:
    """Whether pieces of a kind have a field, or rows of a relation; of no kind, any may."""
    return name not in PARTICULAR or kind not in HAS or name in HAS[kind]
