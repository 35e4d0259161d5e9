from django.conf import settings


def interface_languages():
    """``(code, own name)`` of every language that readers may choose."""
    return settings.LANGUAGES
