"""One box that finds everything at the desk: words, numbers, addresses pasted from anywhere."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Case, CharField, Model, Q, TextField, Value, When
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crisiswatch.models import Edition, Entry, Situation
from editorial.dates import LONG
from editorial.models import Publishable
from people.models import Person, Quote
from publications.models import Publication
from regions.models import Region

MOST = 8
LONGEST = 200

# The public pages of an object: the name of the page, the model, and what its address names.
BY_SLUG = {"slug": "slug"}
PAGES = {
    "regions:region": (Region, BY_SLUG),
    "regions:updates": (Region, BY_SLUG),
    "publications:region_feed": (Region, BY_SLUG),
    "people:person": (Person, BY_SLUG),
    "people:quote": (Quote, BY_SLUG),
    "publications:publication": (Publication, BY_SLUG),
    "crisiswatch:edition": (Edition, {"month": "month"}),
    "crisiswatch:print": (Edition, {"month": "month"}),
    "crisiswatch:situation": (Situation, BY_SLUG),
    "crisiswatch:situation_feed": (Situation, BY_SLUG),
    "crisiswatch:situation_changes_feed": (Situation, BY_SLUG),
    "crisiswatch:entry": (Entry, {"edition__month": "month", "situation__slug": "slug"}),
}


@dataclass(frozen=True)
class Found:
    """An object, its page at the desk, and the one that readers have, if they have it."""

    obj: Model
    address: str
    public: str = ""

    @classmethod
    def of(cls, admin, obj):
        public = admin.view_on_site(obj) if callable(admin.view_on_site) else ""
        return cls(obj, address_of(admin, "change", obj.pk), public or "")


@dataclass(frozen=True)
class Group:
    """
    Objects that were found, and the address of the list that shows all of them if there are more.

    ``place`` is how well the first of them fits: 0 exactly, 1 from its beginning, 2 somewhere.
    """

    name: str
    found: list[Found]
    more: str = ""
    place: int = 0


def look_up(request, site, words: str) -> list[Group]:
    """
    Find what the words name and this person may see, model by model.

    Words are looked for where the list of each model looks; an exact title, slug or number comes
    first. A path or a full address names the object whose page, of today or of old, it is.
    """
    words = words.replace("\x00", "").strip()[:LONGEST]
    path = path_in(words)
    groups = []
    if path and (there := object_at(request, site, path)):
        admin = site.get_model_admin(type(there))
        groups.append(Group(_("At this address"), [Found.of(admin, there)]))
    for admin in searched(request, site) if words else []:
        rows = matching(request, admin, words, path.strip("/").rpartition("/")[-1])
        found = [row for row in rows[: MOST + 1] if admin.has_view_permission(request, row)]
        if found:
            every = f"{address_of(admin, 'changelist')}?{urlencode({'q': words})}"
            name, shown = admin.opts.verbose_name_plural, found[:MOST]
            shown = [Found.of(admin, row) for row in shown]
            more = every if len(found) > MOST else ""
            groups.append(Group(capfirst(name), shown, more, place=found[0].place))
    return sorted(groups, key=lambda group: group.place)


def searched(request, site):
    """
    The admins that can search and that this person may look into, in the order of the desk.

    Records, which nobody may do more than view, are left out: there are many times more of them,
    and their own lists filter them.
    """
    models = [model["model"] for app in site.get_app_list(request) for model in app["models"]]
    admins = [site.get_model_admin(model) for model in models if not model._meta.proxy]
    return [
        admin
        for admin in admins
        if admin.search_fields
        and admin.has_view_permission(request)
        and set(admin.opts.default_permissions) != {"view"}
    ]


def address_of(admin, page, *args):
    return reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_{page}", args=args)


# Words and numbers


def matching(request, admin, words, slug=""):
    """The rows of one model, the best first: exactly these words, then a beginning, then others."""
    rows = admin.get_queryset(request).prefetch_related(None)
    if isinstance(admin.list_select_related, (list, tuple)):
        rows = rows.select_related(*admin.list_select_related)
    found, _doubles = admin.get_search_results(request, rows.order_by(), words)
    exact, begins = exactly(admin, words, slug), Q(pk__in=[])
    if title := title_field(admin):
        exact |= Q(**{f"{title}__iexact": words})
        begins = Q(**{f"{title}__istartswith": words})
    place = Case(When(exact, then=Value(0)), When(begins, then=Value(1)), default=Value(2))
    rows = rows.filter(Q(pk__in=found.values("pk")) | exact)
    order = admin.get_ordering(request) or admin.opts.ordering
    return rows.annotate(place=place).order_by("place", *order)


def title_field(admin):
    """The first field of text in which the list of a model searches: a title or a name."""
    for name in admin.search_fields:
        field = field_of(admin.model, name)
        if isinstance(field, (CharField, TextField)):
            return name
    return None


def field_of(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def exactly(admin, words, slug):
    """Picks the rows that a slug, a number or a month names."""
    picked = Q(pk__in=[])
    if field_of(admin.model, "slug"):
        picked |= Q(slug__iexact=words) | Q(slug__in=[slug] if slug else [])
    if number := re.fullmatch(r"#?([0-9]{1,9})", words):
        if issubclass(admin.model, Publishable):
            picked |= Q(pk=int(number[1]))
        if field_of(admin.model, "number"):
            picked |= Q(number=int(number[1]))
    if admin.model is Publication:
        picked |= labelled(words)
    if admin.model is Edition and (month := month_in(words)):
        picked |= Q(month__year=month[0], month__month=month[1])
    return picked


def labelled(words):
    """Picks the publications that are called so, such as “Report 300”."""
    kind, _space, number = words.rpartition(" ")
    kinds = [value for value, says in Publication.Kind.choices if says.lower() == kind.lower()]
    asked = kinds and re.fullmatch("[0-9]{1,9}", number)
    return Q(kind__in=kinds, number=int(number)) if asked else Q(pk__in=[])


def month_in(words) -> tuple[int, int] | None:
    """The year and the month in ``June 2024``, ``jun 2024`` or ``2024-06``."""
    if written := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", words):
        return int(written[1]), int(written[2])
    name, _space, year = words.lower().rpartition(" ")
    if len(name) < len("jun") or not re.fullmatch("[0-9]{4}", year):
        return None
    for months in LONG.values():
        for number, month in enumerate(months, start=1):
            if month.lower().startswith(name):
                return int(year), number
    return None


# Addresses


def path_in(words) -> str:
    """The path of a pasted address, with or without its host; an empty string if it is none."""
    if "/" not in words or re.search(r"\s", words):
        return ""
    try:
        path = urlsplit(words).path
    except ValueError:
        return ""
    return unquote(path[path.find("/") :])


def object_at(request, site, path):
    """The object to which a page of the site or of the desk belongs, if this person may see it."""
    moved = Redirect.objects.filter(site=settings.SITE_ID, old_path=path).first()
    path = moved.new_path if moved and moved.new_path else path
    model, lookup = page_at(path) or desk_page_at(site, path) or (None, None)
    if model is None or not site.is_registered(model):
        return None
    admin = site.get_model_admin(model)
    found = admin.get_queryset(request).filter(**lookup).first()
    return found if found and admin.has_view_permission(request, found) else None


def match_of(path):
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        for tried in (path, f"{path}/"):
            try:
                return resolve(tried)
            except (Resolver404, ValueError):
                continue
    return None


def page_at(path):
    match = match_of(path)
    if match is None or match.view_name not in PAGES:
        return None
    model, names = PAGES[match.view_name]
    return model, {lookup: match.kwargs[name] for lookup, name in names.items()}


def desk_page_at(site, path):
    """The model and the key in an address of the desk such as ``…/publication/3/change/``."""
    match = match_of(path)
    if match is None or match.namespace != site.name:
        return None
    key = str(match.kwargs.get("object_id", match.kwargs.get("pk", "")))
    for model in (admin.model for admin in site._registry.values()):
        opts = model._meta
        ours = (match.url_name or "").startswith(f"{opts.app_label}_{opts.model_name}_")
        if ours and re.fullmatch("[0-9]{1,18}", key):
            return model, {"pk": int(key)}
    return None


# Pages of the desk itself


def go_to(request, site, words: str) -> list[tuple[str, str]]:
    """Names and addresses of pages of the desk whose name has all of the words in it."""
    pages = [(_("Calendar"), "", reverse("admin:calendar"))]
    for app in site.get_app_list(request):
        for model in app["models"]:
            name = model["model"]._meta.verbose_name
            if model["add_url"]:
                pages.append((_("New: %(kind)s") % {"kind": name}, _("add"), model["add_url"]))
            if model["admin_url"]:
                pages.append((capfirst(model["name"]), "", model["admin_url"]))
    asked = words.lower().split()
    return [
        (says, address)
        for says, also, address in pages
        if asked and all(word in f"{says} {also}".lower() for word in asked)
    ]
