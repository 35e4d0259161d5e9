from django.conf import global_settings, settings


def content_languages():
    """
    ``(code, English name)`` of every language that a text may be written in: first those of the
    interface, then those into which the house translates, then all others.
    """
    names = dict(global_settings.LANGUAGES)
    ours = [*dict(settings.LANGUAGES), *settings.TRANSLATION_LANGUAGES]
    return [(code, names[code]) for code in dict.fromkeys([*ours, *names]) if code in names]


def default_language():
    return settings.LANGUAGE_CODE


def interface_languages():
    """``(code, own name)`` of every language that readers may choose for the pages around it."""
    return settings.LANGUAGES


def spoken_for(language: str | None, otherwise: str = "") -> str:
    """The language of our words around a text: its own if the interface is translated into it."""
    known = dict(interface_languages())
    return language if language in known else otherwise or default_language()
