from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.urls import path

from editorial.presence import arrive, leave, others


class PresenceMixin:
    """Opening the page of something that somebody else has open shows who, and since when."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_presence"
        view = self.admin_site.admin_view(self.presence_view)
        return [path("<int:pk>/presence/", view, name=name), *super().get_urls()]

    def place_of(self, piece):
        """What stands for the page, where it is not the only one of the piece: see ``meet``."""
        return piece

    def presence_view(self, request, pk):
        """The page tells that it is open, or with ``leave`` that it closes, and asks who else."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        piece = self.get_object(request, str(pk))
        if piece is None or not self.has_change_permission(request, piece):
            raise PermissionDenied
        place = self.place_of(piece)
        (leave if "leave" in request.POST else arrive)(place, request.user)
        present = [
            {"name": other.name, "since": other.since_in_words}
            for other in others(place, request.user)
        ]
        return JsonResponse({"others": present})
