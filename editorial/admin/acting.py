"""The buttons of the form, and the pages on which a button asks back."""

from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from editorial import drafting, scheduling
from editorial.admin.state import in_words, readers_see
from editorial.dates import format_moment
from editorial.drafting import MovedOn, Stale
from editorial.models import Publishable, ScheduledChange, Status
from editorial.moments import MomentField
from editorial.permissions import has_permission, has_right, may, may_not_because


def called(piece) -> str:
    """A piece in a list of choices: its name, its language if it has one, and its state."""
    language = getattr(piece, "get_language_display", lambda: "")()
    return " · ".join(filter(None, [str(piece), language, in_words(piece)]))


@dataclass(frozen=True)
class Button:
    """A button of the form: what it is called, what it says, and whether it is the main one."""

    name: str
    says: str
    is_main: bool = False


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        max_length=Publishable._meta.get_field("withdrawn_because").max_length,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        label=Publishable._meta.get_field("withdrawn_because").verbose_name,
        help_text=Publishable._meta.get_field("withdrawn_because").help_text,
    )


class MomentForm(forms.Form):
    """``choices`` are what can be released at the same moment: see ``companions``."""

    at = MomentField(label=gettext_lazy("goes live"))
    beside = forms.MultipleChoiceField(
        label=gettext_lazy("release these too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Scheduled all or none. Should a change of a live piece fail at that moment, no other "
            "change goes live either; what readers do not have yet comes in any case."
        ),
        error_messages={
            "invalid_choice": gettext_lazy(
                "Somebody has changed one of them since you opened this page. Look at it again."
            )
        },
    )

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["beside"].choices = choices
        if not choices:
            del self.fields["beside"]


class ActingMixin:
    """What can be done with a piece besides saving it."""

    def get_urls(self):
        pages = ["publish", "schedule", "discard", "withdraw"]
        views = [(f"<int:pk>/{page}/", getattr(self, f"{page}_view"), page) for page in pages]
        views.append(("<int:pk>/schedule/<int:change>/cancel/", self.cancel_view, "cancel"))
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            *(
                path(route, self.admin_site.admin_view(view), name=f"{name}_{page}")
                for route, view, page in views
            ),
            *super().get_urls(),
        ]

    # Buttons

    def may_edit(self, request):
        return may(request.user, "edit", request.stage.piece or self.model())

    def controls(self, request, piece) -> dict:
        """What the form says and offers: for its template."""
        draft = drafting.draft_of(piece) if piece else None
        pending = list(self.pending(piece)) if piece else []
        return {
            "readers_see": readers_see(piece, request.stage.base, may_edit=self.may_edit(request)),
            "may_call_off": piece is not None and may(request.user, "withdraw", piece),
            "draft": draft,
            "pending": pending,
            "buttons": self.buttons(request, piece, draft),
            "links": self.links(request, piece, draft),
            "refusals": self.refusals(request, piece, draft),
        }

    def buttons(self, request, piece, draft) -> list[Button]:
        """The buttons that this user is offered for a piece in this state."""
        user, status = request.user, piece.status if piece else Status.DRAFT
        probe = piece or self.model()
        offered = []
        if may(user, "edit", probe):
            live = status == Status.APPROVED
            offered.append(Button("_save", _("Save draft") if live else _("Save"), True))
            waits = draft and draft.submitted_at
            if (live and not waits) or status == Status.DRAFT:
                offered.append(Button("_submit", _("Submit for review")))
            scheduled = live and not piece.is_public and may(user, "withdraw", piece)
            if status == Status.IN_REVIEW or scheduled:
                offered.append(Button("_rework", _("Back to draft")))
        if status == Status.APPROVED:
            if may(user, "publish", probe):
                offered.append(Button("_publish", _("Publish changes")))
                offered.append(Button("_schedule", _("Schedule…")))
        elif may(user, "edit", probe) and may(user, "approve", probe):
            offered.append(Button("_approve", self.approve_says(piece)))
            offered.append(Button("_schedule", _("Schedule…")))
        return offered

    def approve_says(self, piece):
        if piece and piece.publish_at and piece.publish_at > timezone.now():
            return _("Approve for %s") % format_moment(piece.publish_at)
        return _("Approve and publish")

    def links(self, request, piece, draft):
        """Pages that the form leads to: pairs of an address and what the link says."""
        if piece is None:
            return []
        user = request.user
        pages = [
            ("compare", _("Compare with live"), bool(draft)),
            ("discard", _("Discard draft…"), draft and self.may_discard(user, draft)),
            ("withdraw", _("Withdraw…"), piece.is_approved and may(user, "withdraw", piece)),
        ]
        return [(self.address(page, piece), says, page) for page, says, offered in pages if offered]

    def refusals(self, request, piece, draft):
        """Why somebody who has the right is not offered to release it."""
        if piece is None:
            return []
        verb = "publish" if piece.is_approved else "approve"
        sentences = [
            may_not_because(request.user, each, piece)
            for each in ("edit", verb)
            if has_right(request.user, each, piece)
        ]
        return [because for because in dict.fromkeys(map(str, sentences)) if because]

    def may_discard(self, user, draft):
        """Who may write only pieces of their own gives up only drafts of their own."""
        piece = draft.piece
        own = draft.author_id == user.pk or has_permission(user, "change", piece)
        return own and may(user, "edit", piece)

    def pending(self, piece):
        changes = ScheduledChange.objects.of(piece).pending()
        return changes.select_related("revision", "scheduled_by")

    def act(self, request, piece):
        """Do what the pressed button says with a piece that has just been saved."""
        draft = drafting.draft_of(piece)
        offered = [button.name for button in self.buttons(request, piece, draft)]
        pressed = next((name for name in offered if name in request.POST), "")
        done = {"by": request.user, "version": piece.version}
        back = HttpResponseRedirect(self.address("change", piece))
        try:
            if pressed == "_schedule":
                return HttpResponseRedirect(self.address("schedule", piece))
            if pressed == "_publish" and self.pending(piece).exists():
                return HttpResponseRedirect(self.address("publish", piece))
            if pressed in ("_submit", "_approve", "_rework", "_publish"):
                getattr(drafting, pressed.removeprefix("_"))(piece, **done)
            self.say_done(request, pressed, piece)
        except MovedOn:
            return HttpResponseRedirect(self.address("merge", piece, draft.number))
        except Stale:
            messages.warning(
                request,
                _("Saved. But somebody else has saved meanwhile: look at it, then press again."),
            )
        except ValidationError as error:
            messages.warning(request, _("Saved, but not ready for readers yet."))
            for sentence in error.messages:
                messages.error(request, sentence)
        return back

    def say_done(self, request, pressed, piece):
        if pressed == "_publish":
            said = _("The changes of “%s” are public now.")
            if piece.is_scheduled:
                said = _("The changes of “%s” are approved; they come with it.")
            messages.success(request, said % piece)
            return
        if pressed in ("_submit", "_save", "") and piece.is_approved:
            said = {
                "_submit": _("The draft of “%s” waits for review. Readers see none of it yet."),
            }.get(pressed, _("The draft of “%s” is saved. Readers see none of it yet."))
            messages.success(request, said % piece)
            return
        state = {"piece": piece, "state": in_words(piece)}
        said = _("“%(piece)s” is saved. It is: %(state)s.")
        if pressed not in ("_save", ""):
            said = _("“%(piece)s” is now: %(state)s.")
        messages.success(request, said % state)

    # Pages

    def piece_for(self, request, pk, verb):
        piece = self.get_object(request, str(pk))
        if piece is None:
            raise Http404
        if not may(request.user, verb, piece):
            raise PermissionDenied(may_not_because(request.user, verb, piece))
        return piece

    def ask(self, request, piece, title, **context):
        """Show the page on which a button asks back."""
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": piece,
            "piece": piece,
            "media": self.media + getattr(context.get("form"), "media", forms.Media()),
            "version": piece.version,
            "pending": list(self.pending(piece)),
            "draft": drafting.draft_of(piece),
            "may_call_off": may(request.user, "withdraw", piece),
        }
        return render(request, "admin/publishable/act.html", context)

    def carry_out(self, request, piece, act, says):
        """Do something with the piece that the page showed. Returns None where it is refused."""
        try:
            act(by=request.user, version=int(request.POST.get("version", "")))
        except MovedOn:
            draft = drafting.draft_of(piece)
            return HttpResponseRedirect(self.address("merge", piece, draft.number))
        except (Stale, ValueError):
            messages.error(
                request, _("Somebody has changed it since you opened this page. Look at it again.")
            )
            return None
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            return None
        messages.success(request, says)
        return HttpResponseRedirect(self.address("change", piece))

    def withdraw_view(self, request, pk):
        piece = self.piece_for(request, pk, "withdraw")
        form = WithdrawForm(request.POST or None)
        if not piece.is_approved:
            return HttpResponseRedirect(self.address("change", piece))
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]

            def act(**done):
                drafting.withdraw(piece, reason=reason, **done)

            says = _("“%s” is withdrawn. Its address says so, with the reason.") % piece
            if response := self.carry_out(request, piece, act, says):
                return response
        title = _("Withdraw “%s”") % piece
        context = {"form": form, "act": "withdraw", "button": _("Withdraw")}
        context["references"] = self.references_for(request, piece)
        return self.ask(request, piece, title, **context)

    def discard_view(self, request, pk):
        piece = self.piece_for(request, pk, "edit")
        draft = drafting.draft_of(piece)
        if draft is None:
            return HttpResponseRedirect(self.address("change", piece))
        if not self.may_discard(request.user, draft):
            raise PermissionDenied(_("Somebody else wrote this draft."))
        if request.method == "POST":

            def act(**done):
                drafting.discard(piece, **done)

            says = _("The draft is discarded. Its revisions stay in the history.")
            if response := self.carry_out(request, piece, act, says):
                return response
        title = _("Discard the draft of “%s”") % piece
        return self.ask(request, piece, title, act="discard", button=_("Discard draft"))

    def publish_view(self, request, pk):
        """Publish a draft while another change is scheduled: what is to become of that one?"""
        piece = self.piece_for(request, pk, "publish")
        if drafting.draft_of(piece) is None:
            return HttpResponseRedirect(self.address("change", piece))
        choice = request.POST.get("pending")
        if request.method == "POST" and (choice in ("keep", "cancel") or not self.pending(piece)):

            def act(**done):
                scheduling.publish(piece, keep_pending=choice == "keep", **done)

            if response := self.carry_out(request, piece, act, _("The changes are published.")):
                return response
        title = _("Publish the changes of “%s”") % piece
        return self.ask(request, piece, title, act="publish", button=_("Publish changes"))

    def schedule_view(self, request, pk):
        piece = self.get_object(request, str(pk))
        live = piece is not None and piece.is_approved
        piece = self.piece_for(request, pk, "publish" if live else "approve")
        draft, moves = drafting.draft_of(piece), scheduling.to_be_moved(piece)
        planned = moves.change_at if moves else piece.publish_at
        if live and not (draft or moves or piece.is_scheduled):
            messages.info(request, _("There is no draft to schedule: save one first."))
            return HttpResponseRedirect(self.address("change", piece))
        others = self.companions(request, piece)
        choices = [(key, called(other)) for key, other in others.items()]
        form = MomentForm(
            request.POST or None, initial={"at": None if draft else planned}, choices=choices
        )
        if request.method == "POST" and form.is_valid():
            at, beside = form.cleaned_data["at"], form.cleaned_data.get("beside", [])
            act = partial(self.schedule_all, piece, [others[key] for key in beside], at=at)
            says = _("It goes live: %s.") % format_moment(at)
            if response := self.carry_out(request, piece, act, says):
                return response
        title = _("Schedule “%s”") % piece
        context = {"form": form, "act": "schedule", "live": live, "moves": moves}
        context["button"] = _("Schedule")
        return self.ask(request, piece, title, **context)

    def schedule_all(self, piece, others, *, at, by, version):
        if not others:
            scheduling.schedule_piece(piece, at=at, by=by, version=version)
            return
        pieces = [(piece, version), *((other, other.version) for other in others)]
        scheduling.schedule_together(pieces, at=at, by=by)

    def companions(self, request, piece) -> dict:
        """
        What this person may release together with a piece, and has not released yet.

        The key of each says its version: a choice that was made of an older one is none any more.
        """
        return {
            f"{other.pk}.{other.version}": other
            for other in piece.released_with()
            if self.may_release(request.user, other)
        }

    def may_release(self, user, piece):
        if piece.status == Status.WITHDRAWN:
            return False
        if not piece.is_approved:
            return may(user, "approve", piece)
        waits = piece.is_scheduled or drafting.draft_of(piece)
        return bool(waits) and may(user, "publish", piece)

    def cancel_view(self, request, pk, change):
        return require_POST(self.cancel)(request, pk, change)

    def cancel(self, request, pk, change):
        piece = self.piece_for(request, pk, "withdraw")
        found = ScheduledChange.objects.of(piece).filter(pk=change).first()
        if found is None:
            raise Http404
        if scheduling.cancel(found, by=request.user):
            messages.success(request, _("The scheduled change is called off."))
        else:
            messages.warning(request, _("Too late: it was applied or called off already."))
        return HttpResponseRedirect(self.address("change", piece))
