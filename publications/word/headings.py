"""What authors call the parts of a document that have a field of their own."""

import re

_ODD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"^\s*(?:[ivx]+|[a-z]|\d+)[.)]\s+", re.IGNORECASE)

SUMMARY = {
    "executive summary",
    "summary",
    "synthèse",
    "résumé",
    "resumen ejecutivo",
    "resumen",
    "zusammenfassung",
    "sommaire exécutif",
    "sumário executivo",
    "sumario executivo",
    "الملخص التنفيذي",
    "ملخص تنفيذي",
    "краткое содержание",
    "резюме",
    "תקציר מנהלים",
    "执行摘要",
    "摘要",
    "개요",
    "요약",
}
FINDINGS = {
    "what s new",
    "what happened",
    "why does it matter",
    "why did it happen",
    "what should be done",
    "que se passe t il",
    "quoi de neuf",
    "en quoi est ce significatif",
    "pourquoi est ce important",
    "comment agir",
    "que faire",
    "qué hay de nuevo",
    "qué hay nuevo",
    "por qué importa",
    "qué se debería hacer",
    "qué se debe hacer",
    "ما الجديد",
    "ما أهمية ذلك",
    "ما الذي ينبغي فعله",
    "что нового",
    "почему это важно",
    "что следует сделать",
}
OPENS = SUMMARY | FINDINGS | {"introduction", "overview", "einleitung", "introducción"}
STANDFIRST = re.compile(r"abstract|intro|standfirst|lead|teaser|chapeau|deck", re.IGNORECASE)


def bare(text: str) -> str:
    """A heading without its number and signs, to be looked up: “I. What’s new?” → “what s new”."""
    return _ODD.sub(" ", _NUMBER.sub("", text)).strip().casefold()
