from django.utils.functional import SimpleLazyObject

from newsletter.forms import sign_up_section


def sign_up(request):
    """The sign-up section; its wording is read only if a template draws it."""
    return {"sign_up": SimpleLazyObject(sign_up_section)}
