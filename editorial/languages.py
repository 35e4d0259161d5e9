from django.conf import global_settings, settings


def content_languages():
    """``(code, English name)`` of every language that a text may be written in."""
    return global_settings.LANGUAGES


def default_language():
    return settings.LANGUAGE_CODE


def interface_languages():
    """``(code, own name)`` of every language that readers may choose for the pages around it."""
    return settings.LANGUAGES
