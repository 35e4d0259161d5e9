import re
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from js_asset import ImportMap, Media, Script

from crisiswatch import sheet
from crisiswatch.models import Edition, Entry, Situation
from crisiswatch.saving import last_hand, move_row, save_row
from editorial.admin.state import in_words, readers_see
from editorial.dates import format_moment, format_month
from editorial.drafting import Stale
from editorial.models import Status
from editorial.presence import colleagues, meet

MODULES = (
    *("asking", "filtering", "keeping", "moving", "ordering", "rows", "saving", "talking"),
    "watching",
)
SHEET_MEDIA = Media(
    importmap=ImportMap(
        {f"desk/sheet/{name}": f"js/desk/sheet/{name}.js" for name in MODULES}
        | {"desk/kept": "js/desk/kept.js"}
    ),
    js=[Script("js/desk/sheet/sheet.js", type="module")],
    css={"all": ["css/desk-edition.css", "css/desk-sheet.css"]},
)
FOLDER = "admin/crisiswatch/edition"
KEY = re.compile(r"[1-9][0-9]{0,8}")
# What rows can be chosen by: what it is called, and which rows it takes.
SHOWN = {
    "mine": (pgettext_lazy("rows", "Mine"), lambda row, user: row.entry.author_id == user.pk),
    "missing": (gettext_lazy("Missing"), lambda row, user: row.is_missing),
    "in_review": (
        gettext_lazy("In review"),
        lambda row, user: row.entry.state == Entry.State.IN_REVIEW,
    ),
    "alerts": (gettext_lazy("Alerts"), lambda row, user: bool(row.entry.alerts())),
}


class RowForm(forms.Form):
    """
    What can be changed in a row. ``fields`` names what the sender has changed; ``after``, alone,
    below which row it is to stand: see ``move_row``.
    """

    trend = forms.ChoiceField(choices=[("", ""), *Entry.Trend.choices], required=False)
    risk_alert = forms.BooleanField(required=False)
    resolution_opportunity = forms.BooleanField(required=False)
    lead = forms.CharField(required=False)
    text = forms.CharField(required=False, strip=False)
    author = forms.ModelChoiceField(None, required=False)
    state = forms.ChoiceField(choices=Entry.State)
    after = forms.IntegerField(required=False)

    def __init__(self, data):
        super().__init__(data)
        self.fields["author"].queryset = sheet.writers()
        sent = data.get("fields", "").split()
        self.fields = {name: each for name, each in self.fields.items() if name in sent}

    def changes(self) -> dict:
        """What was changed, as it stands in snapshots. Raises ``ValidationError``."""
        if not self.is_valid():
            raise ValidationError([each for errors in self.errors.values() for each in errors])
        changes = dict(self.cleaned_data)
        for name in {"lead", "text"} & changes.keys():
            changes[name] = changes[name].replace("\r\n", "\n")
        if "author" in changes:
            changes["author"] = changes["author"] and changes["author"].pk
        return changes

    def typed(self) -> dict:
        """What was sent, valid or not."""
        return {
            name: each.widget.value_from_datadict(self.data, {}, name)
            for name, each in self.fields.items()
        }


@dataclass(frozen=True)
class Choice:
    """Which rows are to be seen, as the address says it."""

    show: str = ""
    region: str = ""
    words: str = ""

    @classmethod
    def of(cls, query):
        show = query.get("show", "")
        return cls(show if show in SHOWN else "", query.get("region", ""), query.get("q", ""))

    def takes(self, row) -> bool:
        return (
            (not self.show or self.show in row.shows.split())
            and (not self.region or self.region in {region.slug for region in row.path})
            and self.words.strip().casefold() in row.situation.name.casefold()
        )


class SheetMixin:
    """One screen for a month: its rows, edited in place and saved one by one."""

    def get_urls(self):
        views = [
            ("<int:pk>/sheet/", self.sheet_view, "sheet"),
            ("<int:pk>/sheet/rows/<slug:slug>/", self.row_view, "sheet_row"),
            ("<int:pk>/sheet/people/", self.people_view, "sheet_people"),
        ]
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"crisiswatch_edition_{name}")
                for route, view, name in views
            ),
            *super().get_urls(),
        ]

    def sheet_view(self, request, pk):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = self.piece_or_404(request, pk)
        if "rows" not in request.GET:
            return self.show_sheet(request, sheet.open_sheet(edition, request.user))
        keys = {int(key) for key in KEY.findall(request.GET["rows"])}
        opened = sheet.open_sheet(edition, request.user, only=keys)
        return render(request, f"{FOLDER}/rows.html", in_template(request, opened))

    def show_sheet(self, request, opened, *, status=200):
        people = sorted(sheet.writers(), key=sheet.name_of)
        context = {
            **self.admin_site.each_context(request),
            **in_template(request, opened, people),
            "opts": self.opts,
            "title": _("CrisisWatch, %s") % format_month(opened.edition.month),
            "sheet": opened,
            "steps": self.steps(opened.edition, "sheet"),
            "readers_see": what_readers_see(opened.edition),
            "people": people,
            "choice": Choice.of(request.GET),
            "shows": [("", _("All")), *((name, says) for name, (says, _takes) in SHOWN.items())],
            "regions": regions_in(opened),
            "media": Media.from_media(SHEET_MEDIA, nonce=request.csp_nonce),
            "is_nav_sidebar_enabled": False,
        }
        return render(request, f"{FOLDER}/sheet.html", context, status=status)

    def row_view(self, request, pk, slug):
        """Save one row; answer the page's own script with JSON, and a form with the sheet."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edition = self.piece_or_404(request, pk)
        situation = get_object_or_404(Situation.objects.select_related("region"), slug=slug)
        answer = self.answer_form if request.accepts("text/html") else answer_script
        try:
            changes = RowForm(request.POST).changes()
            signed = {"token": request.POST.get("token", ""), "by": request.user}
            if "after" in changes:
                saved = move_row(edition, situation, changes["after"], **signed)
            else:
                saved = save_row(edition, situation, changes, **signed)
        except Stale:
            edition = self.piece_or_404(request, pk)
            return answer(request, edition, situation, status=409)
        except ValidationError as error:
            return answer(request, edition, situation, status=422, problems=error.messages)
        return answer(request, edition, situation, snapshot=saved)

    def answer_form(self, request, edition, situation, *, status=200, snapshot=None, problems=()):
        """The sheet again, at the row; what was refused stands in it as it was typed."""
        if status == 200:
            messages.success(request, _("“%s” is saved.") % situation)
            address = reverse("admin:crisiswatch_edition_sheet", args=[edition.pk])
            return HttpResponseRedirect(f"{address}#{situation.slug}")
        opened = sheet.open_sheet(edition, request.user)
        for row in opened.rows:
            if row.situation == situation:
                row.problems = problems or [who_saved(edition, situation)]
                row.typed = row.says() | RowForm(request.POST).typed()
        return self.show_sheet(request, opened, status=status)

    def people_view(self, request, pk):
        """
        Say in which row one is, and ask who is in the others and whether anything was saved.

        The state and the tokens of the rows come only where something was saved since ``version``.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        edition = Edition.objects.defer("overview").filter(pk=pk).first()
        if edition is None or not self.has_view_permission(request, edition):
            raise PermissionDenied
        here = people_at(edition, request.user, at=request.POST.get("at", ""))
        answer = {"version": edition.version, "people": here}
        if request.POST.get("version") != str(edition.version):
            answer["tokens"] = sheet.tokens(edition)
            answer["readers_see"] = what_readers_see(edition)
        return JsonResponse(answer)


def what_readers_see(edition) -> str:
    """The state of a month, in words that stay true while its rows are saved; a draft has none."""
    if edition.status == Status.DRAFT:
        return ""
    if not edition.is_approved:
        return readers_see(edition, None)
    said = {"state": capfirst(in_words(edition))}
    return _("%(state)s. What is saved here is a draft until it is published.") % said


def in_template(request, opened, people=()) -> dict:
    """What the template of a row needs; gives each row what only the page knows of it."""
    rows, names = opened.rows, {user.pk: sheet.name_of(user) for user in people}
    if missing := {row.entry.author_id for row in rows} - names.keys() - {None}:
        users = get_user_model()._default_manager.filter(pk__in=missing)
        names |= {user.pk: sheet.name_of(user) for user in users}
    here = people_at(opened.edition, request.user)
    choice = Choice.of(request.GET)
    for row in rows:
        row.author = names.get(row.entry.author_id, "")
        row.people = here.get(row.situation.pk, [])
        row.shows = " ".join(name for name in SHOWN if SHOWN[name][1](row, request.user))
        row.is_hidden = not choice.takes(row)
        row.value = getattr(row, "typed", None) or row.says()
        row.states = sheet.states_for(request.user, row.entry)
    for group in opened.groups:
        group.is_hidden = all(row.is_hidden for row in group.rows)
    return {
        "rows": rows,
        "edition": opened.edition,
        "trends": list(Entry.Trend),
        "may_assign": sheet.may_assign(request.user),
    }


def people_at(edition, user, *, at=None) -> dict[int, list[str]]:
    """
    Who else is in which row, by the key of the situation.

    With ``at``, a key too or empty, it is noted where the user is.
    """
    places = sheet.places_in(edition)
    if at is None:
        here = colleagues(Entry, places, user)
    else:
        place = places[int(at)] if KEY.fullmatch(at) else None
        here = meet(Entry, places, place, user)
    return {key - places.start: [each.name for each in present] for key, present in here.items()}


def answer_script(request, edition, situation, *, status=200, snapshot=None, problems=()):
    """The row as it stands now, as the page shows it; after a move, with those of its region."""
    beside = Situation.objects.filter(pk=situation.pk)
    if "after" in request.POST:
        beside = Situation.objects.filter(region=situation.region_id)
    only = set(beside.values_list("pk", flat=True))
    opened = sheet.open_sheet(edition, request.user, snapshot=snapshot, only=only)
    context = in_template(request, opened)
    answer = {
        "row": render_to_string(f"{FOLDER}/rows.html", context, request),
        "problems": list(problems),
    }
    if status == 409:
        answer["who"] = who_saved(edition, situation)
    return JsonResponse(answer, status=status)


def who_saved(edition, situation) -> str:
    """A sentence on who saved a row last, and when."""
    revision = last_hand(edition, situation)
    if revision is None or revision.author is None:
        return _("Somebody has saved this row while you were writing.")
    said = {"name": sheet.name_of(revision.author), "when": format_moment(revision.created_at)}
    return _("%(name)s has saved this row while you were writing (%(when)s).") % said


def regions_in(opened) -> list:
    """The regions of the rows and those above them, in the order of the sheet."""
    found = {}
    for group in opened.groups:
        for depth, region in enumerate(group.path):
            region.indent = "\u2003" * depth
            found[region.pk] = region
    return list(found.values())
