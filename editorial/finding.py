"""How a view finds what it shows: public, or gone, or never there."""

from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404
from django.utils.translation import gettext as _

from editorial.middleware import Gone


def get_public_or_gone(queryset, **lookup):
    """
    Return the public object that ``lookup`` names.

    Raises ``Gone`` where it has been withdrawn after it was public, ``Http404`` otherwise.
    """
    found = queryset.public().filter(**lookup).first()
    if found is None:
        gone = queryset.gone().filter(**lookup).first()
        raise Gone(gone) if gone else Http404
    return found


def get_page(request, objects, per_page=20):
    """Return the page of ``objects`` that ``?page=`` names. Raises ``Http404`` beyond the end."""
    try:
        return Paginator(objects, per_page).page(request.GET.get("page") or 1)
    except (EmptyPage, PageNotAnInteger):
        raise Http404(_("This list has no such page.")) from None
