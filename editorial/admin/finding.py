"""The search boxes of the desk: what readers have is found by the index, the few drafts by row."""

from django.db.models import Q

from editorial.models import Status
from editorial.searching.asking import keys_of


class FindingMixin:
    """
    For the list and the autocomplete of publishable objects.

    Reading every row for a few letters takes seconds where there are a hundred thousand. Where the
    index is not there or not up to date, or finds more than a list of keys should hold, the rows
    are read after all.
    """

    def get_search_results(self, request, queryset, search_term):
        label = self.model._meta.concrete_model._meta.label_lower
        keys = keys_of(label, search_term)
        if keys is None:
            return super().get_search_results(request, queryset, search_term)
        others = queryset.exclude(status=Status.APPROVED)
        found, doubles = super().get_search_results(request, others, search_term)
        return queryset.filter(Q(pk__in=keys) | Q(pk__in=found.values("pk"))), doubles
