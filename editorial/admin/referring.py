from dataclasses import replace

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from editorial.referring import references_to


class ReferringMixin:
    """For an admin page: where its object is used; what is used somewhere is not deleted."""

    def get_urls(self):
        name = admin_urlname(self.opts, "references").removeprefix("admin:")
        view = self.admin_site.admin_view(self.references_view)
        return [path("<int:pk>/references/", view, name=name), *super().get_urls()]

    def references_for(self, request, obj):
        """The references to an object. What this user may not read is counted, not named."""
        return [
            group if self.may_read(request, group.model) else replace(group, named=())
            for group in references_to(obj)
        ]

    def may_read(self, request, model):
        its_admin = self.admin_site._registry.get(model)
        return its_admin is not None and its_admin.has_view_permission(request)

    def references_view(self, request, pk):
        obj = self.get_object(request, str(pk))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        title = _("Where “%s” is used") % obj
        return self.render_references(request, obj, title, self.references_for(request, obj))

    def delete_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id)
        may_be_deleted = obj is not None and self.has_delete_permission(request, obj)
        if may_be_deleted and (references := self.references_for(request, obj)):
            title = _("“%s” is in use and cannot be deleted") % obj
            return self.render_references(request, obj, title, references, refused=True)
        return super().delete_view(request, object_id, extra_context)

    def render_references(self, request, obj, title, references, *, refused=False):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": title,
            "references": references,
            "refused": refused,
            "back": reverse(admin_urlname(self.opts, "change"), args=[obj.pk]),
        }
        status = 409 if refused and request.method == "POST" else 200
        return render(request, "admin/references.html", context, status=status)
