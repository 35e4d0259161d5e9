from django.db.models import Q

from editorial.models import Status
from editorial.searching.offers import Document, Offer, words_in
from regions.models import Country, Region
from regions.tree import Tree

A_FEW = 3


class RegionPlaces:
    """Where regions lie: what is filed under Korea is found under Asia too. One query."""

    def __init__(self):
        self.tree = Tree(Region.objects.only("parent_id"))

    def with_those_above(self, pks) -> list[int]:
        known = [self.tree.regions[pk] for pk in pks if pk in self.tree.regions]
        return list(dict.fromkeys(each.pk for region in known for each in self.tree.path(region)))

    def with_those_below(self, pks) -> set[int]:
        return {below for pk in pks for below in self.tree.branch(pk)}


def describe(regions):
    for region in regions:
        yield Document(
            title="\n".join([region.name, *also_called(region)]),
            texts=[words_in(region.introduction)],
            publish_at=region.publish_at,
        )


def also_called(region):
    """Who looks for a country wants the region around it, if that is of a few countries only."""
    names = [country.name for country in region.countries.all()]
    return names if len(names) <= A_FEW else []


OFFERS = [
    Offer(
        Region,
        describe,
        approved=Q(status=Status.APPROVED),
        rows=lambda regions: regions.prefetch_related("countries"),
        depends={Country: "countries"},
    )
]
