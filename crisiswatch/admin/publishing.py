"""From the sheet to the readers: starting a month, the dry run, and the one act."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisiswatch.dry_run import dry_run, texts_in
from crisiswatch.months import parse_month
from crisiswatch.pages import by_heading
from crisiswatch.starting import next_to_start, start_month, take_out
from editorial import drafting
from editorial.admin.state import in_words, readers_see
from editorial.dates import format_moment, format_month
from editorial.permissions import has_right, may


class StartingMixin:
    """The button that starts the next month, for the list of editions and the desk."""

    change_list_template = "admin/crisiswatch/edition/change_list.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.start_view)
        return [path("start/", view, name="crisiswatch_edition_start"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        coming = next_to_start() if self.has_add_permission(request) else None
        return super().changelist_view(request, {"coming": coming, **(extra_context or {})})

    def start_view(self, request):
        """Whoever comes second is led to what the first one started."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            month = parse_month(request.POST.get("month"))
            if month is None:
                raise ValidationError(_("Say which month to start."))
            edition, made = start_month(month, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(reverse("admin:crisiswatch_edition_changelist"))
        said = {"month": format_month(month), "by": edition.created_by or "–"}
        if made:
            messages.success(request, _("%(month)s is started.") % said)
        else:
            messages.info(request, _("%(month)s was there already, started by %(by)s.") % said)
        return HttpResponseRedirect(self.sheet_address(edition))


def says_published(edition) -> str:
    """What is said once it is done; what was given a moment that lies ahead waits for it."""
    if edition.publish_at and edition.publish_at > timezone.now():
        return _("It goes live: %s.") % format_moment(edition.publish_at)
    if edition.is_approved:
        return _("The changes of %s are published: everything at once.") % format_month(
            edition.month
        )
    return _("%s is published: everything at once.") % format_month(edition.month)


class DryRunMixin:
    """The page that says what publishing would change, and does it."""

    def get_urls(self):
        view = self.admin_site.admin_view
        name = "crisiswatch_edition"
        return [
            path("<int:pk>/dry-run/", view(self.dry_run_view), name=f"{name}_dry_run"),
            path(
                "<int:pk>/take-out/<int:entry>/", view(self.take_out_view), name=f"{name}_take_out"
            ),
            *super().get_urls(),
        ]

    def edition_to_see(self, request, pk):
        edition = self.get_object(request, str(pk))
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def dry_run_view(self, request, pk):
        """What would change (GET); publish it (POST)."""
        edition = self.edition_to_see(request, pk)
        if request.method == "POST" and (response := self.publish_now(request, edition)):
            return response
        its = dry_run(request, edition)
        draft, checks = drafting.draft_of(edition), self.checklist(edition)
        listed = {check.sentence for check, _address in checks}
        context = {
            **self.admin_site.each_context(request),
            "title": _("%s: dry run") % format_month(edition.month),
            "opts": self.opts,
            "original": edition,
            "piece": edition,
            "its": its,
            "texts": texts_in(draft) if draft else [],
            "other_problems": [each for each in its.problems if each not in listed],
            "pages": [
                (_("Pages that appear"), by_heading(its.appear)),
                (_("Pages that change"), by_heading(its.change)),
                (_("Pages that go"), by_heading(its.vanish)),
            ],
            "checks": checks,
            "steps": self.steps(edition, "dry_run"),
            "readers_see": readers_see(edition, drafting.shown(edition), may_edit=False),
            **self.offered(request, edition, draft),
            "refusals": self.refusals(request, edition, draft),
            "pending": list(self.pending(edition)),
        }
        return render(request, "admin/crisiswatch/edition/dry_run.html", context)

    def offered(self, request, edition, draft):
        """Of the buttons below its form, those that put it before readers."""
        found = {button.name: button for button in self.buttons(request, edition, draft)}
        changes = found.get("_publish") if draft else None
        return {"release": found.get("_approve") or changes, "may_schedule": "_schedule" in found}

    def publish_now(self, request, edition):
        """Whoever presses second is told; what they press is done once."""
        if not any(has_right(request.user, verb, edition) for verb in ("approve", "publish")):
            raise PermissionDenied
        if edition.is_approved and str(edition.version) != request.POST.get("version"):
            said = {"month": edition, "state": in_words(edition)}
            messages.info(request, _("Somebody was faster: %(month)s is %(state)s.") % said)
            return HttpResponseRedirect(self.address("dry_run", edition))
        verb = "publish" if edition.is_approved else "approve"
        edition = self.piece_for(request, edition.pk, verb)
        if self.pending(edition).exists():
            return HttpResponseRedirect(self.address("publish", edition))

        def act(**done):
            getattr(drafting, verb)(edition, **done)

        return self.carry_out(request, edition, act, says_published(edition))

    def take_out_view(self, request, pk, entry):
        """Take an entry out that should not be there, after a look at what it holds."""
        edition = self.edition_to_see(request, pk)
        entry = get_object_or_404(edition.entries.as_page(), pk=entry)
        if edition.approved_at or not may(request.user, "delete", entry):
            raise PermissionDenied
        if request.method == "POST":

            def act(**done):
                take_out(entry, **done)

            says = _("“%s” is taken out; the history keeps its text.") % entry
            if response := self.carry_out(request, edition, act, says):
                return response
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take out “%s”") % entry,
            "opts": self.opts,
            "original": edition,
            "piece": edition,
            "entry": entry,
            "version": edition.version,
        }
        return render(request, "admin/crisiswatch/edition/take_out.html", context)
