"""How a change form is opened and taken: the heart of the press room."""

from contextlib import contextmanager

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, csrf_protect_m
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial import drafting
from editorial.admin.base import DeskAdmin
from editorial.admin.staging import Stage, stage_again, stage_for
from editorial.drafting import Stale
from editorial.keeping import mark_saved
from editorial.merging import merge
from editorial.permissions import check_desk
from editorial.rehearsing import rehearsal
from editorial.snapshots import give_draft_keys, keys, take_snapshot, without_keys


class StagedForm(ModelForm):
    refused = None

    def clean(self):
        cleaned = super().clean()
        if self.refused:
            raise self.refused
        return cleaned


class StagedAdmin(DeskAdmin):
    """
    The form of a piece, or of a part of one.

    What is live is not changed by a save: the form is saved in a rehearsal, and what came of it is
    kept as a draft. Who saves on top of somebody else's save is shown both texts.
    """

    form = StagedForm

    def piece_for_form(self, request, object_id):
        """The piece whose form, or a part of whose text, this is; None for a new one."""
        return self.get_object(request, unquote(object_id)) if object_id else None

    def piece_of(self, obj):
        """The piece that a saved object is, or is a part of."""
        return obj

    def stage_of_post(self, piece, request, object_id) -> Stage:
        """What the posted form was typed over; something new in a piece, over what there is now."""
        if object_id is not None:
            return stage_again(piece, request)
        stage = stage_for(piece)
        stage.version = str(piece.version)
        return stage

    def joins_by_itself(self):
        """Whether two savers are only asked where they are at odds."""
        return False

    @csrf_protect_m
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        piece = self.piece_for_form(request, object_id)
        request.stage = Stage()
        form = (request, object_id, form_url, extra_context)
        if piece is None:
            return self.take_new(*form) if request.method == "POST" else self.run(*form)
        if request.method == "POST":
            return self.take(piece, *form)
        request.stage = stage_for(piece)
        if not request.stage.shows_draft:
            return self.run(*form)
        with rehearsal():
            request.stage.set()
            return self.run(*form)

    def run(self, request, *form):
        """Let Django's admin do the form, to the last byte of the answer."""
        try:
            response = super().changeform_view(request, *form)
        except ValidationError as error:  # Only what was saved could tell: the form again, with it.
            request.refused = error
            response = super().changeform_view(request, *form)
        return response.render() if hasattr(response, "render") else response

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        check_desk(request.user, form.instance)
        for formset in formsets:
            changed = [row for row, _names in formset.changed_objects]
            for row in [*changed, *formset.new_objects, *formset.deleted_objects]:
                check_desk(request.user, row)

    def take_new(self, request, *form):
        """Take the form of something new."""
        with transaction.atomic():
            response = self.run(request, *form)
            obj = request.stage.typed
            if obj is None:
                return response
            piece = self.piece_of(obj)
            if piece is not obj:  # A part of what there is already goes another way.
                raise PermissionDenied
            drafting.keep_revision(piece, take_snapshot(piece), **self.signed(request))
        return self.answer(request, piece, response)

    def take(self, piece, request, *form):
        """Take the form of something that there is already."""
        request.stage = stage = self.stage_of_post(piece, request, form[0])
        if not (stage.is_stale(piece) or stage.is_live):
            try:
                return self.save_for_real(piece, request, *form)
            except Stale:  # Somebody saved between this request's first line and the one above.
                return self.take(self.again(piece), request, *form)
        with rehearsal():
            stage.set()
            known = keys(type(piece), [piece])
            response = self.run(request, *form)
            typed = stage.typed and take_snapshot(self.piece_of(stage.typed))
        if typed is None:
            return response
        typed = give_draft_keys(typed, type(piece), known)
        return self.keep_typed(request, self.again(piece), typed, response)

    def save_for_real(self, piece, request, *form):
        """Save the form of something that is not live. Raises ``Stale``."""
        with transaction.atomic():
            drafting.bump(piece, piece.version)
            drafting.keep_how_it_was_found(piece)
            before = take_snapshot(piece)
            response = self.run(request, *form)
            if (obj := request.stage.typed) is not None:
                saved = self.piece_of(obj)
                snapshot = take_snapshot(saved)
            if obj is not None and snapshot != before:
                drafting.keep_revision(saved, snapshot, before=before, **self.signed(request))
            else:
                transaction.set_rollback(True)
        if obj is None:
            return response
        if snapshot == before:
            saved = self.again(piece)
            if request.stage.is_stale(saved):
                raise Stale
        return self.answer(request, saved, response)

    def keep_typed(self, request, piece, typed, response):
        """Keep what was typed over a live object, or over somebody else's save."""
        base, now = request.stage.base, drafting.current(piece)
        stale = request.stage.is_stale(piece)
        if without_keys(typed) == without_keys(now):
            if stale:
                messages.info(request, _("It says so already: nothing was left to save."))
                mark_saved(request)
                return HttpResponseRedirect(request.path)
            return self.answer(request, piece, response)
        try:
            if stale and not (base and base.snapshot == now):
                typed = self.joined(request, base, now, typed)
            signed = {**self.signed(request), "version": piece.version}
            drafting.save_snapshot(piece, typed, before=now, **signed)
        except Stale:
            aside = drafting.set_aside(
                piece, typed, base=base and base.number, **self.signed(request)
            )
            mark_saved(request)
            return HttpResponseRedirect(self.address("merge", piece, aside.number))
        return self.answer(request, piece, response)

    def joined(self, request, base, now, typed):
        """What two savers wrote, where that is not for them to decide. Raises ``Stale``."""
        if not (base and self.joins_by_itself()):
            raise Stale
        merged, conflicts = merge(base.snapshot, now, typed)
        if conflicts:
            raise Stale
        messages.info(request, _("Somebody else has saved meanwhile: both texts are kept."))
        return merged

    def answer(self, request, piece, response):
        """What comes after a save: the act of the pressed button, and the form again."""
        mark_saved(request)
        return response if IS_POPUP_VAR in request.POST else self.act(request, piece)

    def act(self, request, piece):
        """Do what the pressed button says, and answer."""
        raise NotImplementedError

    @contextmanager
    def rehearse_post(self, request, pk=None):
        """
        Save the posted form in a rehearsal. Yields the object and the response; the object is None
        where the form has mistakes, which the response tells.
        """
        object_id = None if pk is None else str(pk)
        request.is_preview = True
        with rehearsal():
            request.stage = Stage()
            if piece := self.piece_for_form(request, object_id):
                request.stage = self.stage_of_post(piece, request, object_id)
                request.stage.set()
            response = self.run(request, object_id)
            yield request.stage.typed, response

    def response_add(self, request, obj, post_url_continue=None):
        return self.note(request, obj, super().response_add, post_url_continue)

    def response_change(self, request, obj):
        return self.note(request, obj, super().response_change)

    def note(self, request, obj, respond, *args):
        """The form was valid and is saved; what to answer is decided later, save for a popup."""
        request.stage.typed = obj
        popup = IS_POPUP_VAR in request.POST and not getattr(request, "is_preview", False)
        return respond(request, obj, *args) if popup else HttpResponse()

    def signed(self, request):
        return {"by": request.user, "note": request.POST.get("_note", "")}

    def again(self, piece):
        return type(piece)._base_manager.get(pk=piece.pk)

    def token(self, stage):
        """What the form brings back: the version of the piece and the number of the revision."""
        number = stage.base.number if stage.base else ""
        return f"{stage.version or stage.piece.version}.{number}" if stage.piece else ""

    def address(self, page, piece, *args):
        return reverse(admin_urlname(piece._meta, page), args=[piece.pk, *args])
