from contextlib import suppress
from urllib.parse import unquote

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.db import transaction
from django.urls import NoReverseMatch, Resolver404, resolve, reverse, translate_url


def absolute(path: str) -> str:
    """Return the full address of a path on this site."""
    return f"{settings.SITE_URL}{path}"


def in_every_language(path: str) -> list[str]:
    """Return a public path under the prefix of every language of the interface."""
    return [translate_url(path, code) for code, name in settings.LANGUAGES]


def as_kept(path: str) -> list[str]:
    """In every language, as redirects hold it: in letters, for “%D7%A9” and its like get long."""
    return [unquote(each) for each in in_every_language(path)]


def slugs_now(page: str, slugs) -> dict[str, str]:
    """
    Of slugs that objects had once, those that they have now, as far as redirects tell; ``page``
    names the route of their page. Readers may not know the object, or not any more: ask.
    """
    paths = {}
    for slug in slugs:
        with suppress(NoReverseMatch):
            path = reverse(page, args=[slug])
            paths |= {path: slug, unquote(path): slug}
    known = Redirect.objects.filter(site=settings.SITE_ID, old_path__in=paths) if paths else []
    found = {}
    for each in known:
        with suppress(Resolver404):
            there = resolve(each.new_path)
            if there.view_name == page:
                found[paths[each.old_path]] = there.kwargs["slug"]
    return found


def leave_gone(path: str):
    """Let a public address answer 410 (RFC 9110, section 15.5.11), in every language."""
    for old_path in as_kept(path):
        Redirect.objects.update_or_create(
            site_id=settings.SITE_ID, old_path=old_path, defaults={"new_path": ""}
        )


@transaction.atomic
def keep_old_addresses(before: list[str], after: list[str]):
    """
    Leave a redirect where a public address has changed, in every language of the interface.

    ``before`` and ``after`` list the paths of one object in the same order, new ones last.
    Redirects that led to an old address lead to the new one, and none stands in the way of an
    address now in use.
    """
    if len(before) > len(after):  # Nobody can say which one is no more.
        return
    for old, new in zip(before, after, strict=False):
        if old == new:
            continue
        for old_path, new_path in zip(as_kept(old), as_kept(new), strict=True):
            Redirect.objects.filter(old_path=new_path).delete()
            Redirect.objects.filter(new_path=old_path).update(new_path=new_path)
            Redirect.objects.update_or_create(
                site_id=settings.SITE_ID, old_path=old_path, defaults={"new_path": new_path}
            )
