"""What is loaded with publications, for each place where they are shown."""

from django.db.models import Exists, OuterRef, Prefetch, Q

from editorial.models import PublishableQuerySet

LONG_TEXTS_OF_REGIONS = ("numbered_in__globe", "numbered_in__introduction")
MANY = 500  # Pieces of a region.


class PublicationQuerySet(PublishableQuerySet):
    def filed(self, regions):
        return self.model.regions.through.objects.filter(region__in=regions)

    def in_regions(self, regions):
        return self.filter(pk__in=self.filed(regions).values("publication"))

    def works(self):
        """Each work once: its original, or a translation that readers have without it."""
        originals = self.model._meta.concrete_model.objects.public()
        original = originals.filter(pk=OuterRef("translation_of"))
        return self.filter(Q(translation_of__isnull=True) | ~Exists(original))

    def as_works(self):
        """As cards, each with the languages that its work is to be had in; see ``shown``."""
        return self.works().as_cards().prefetch_related(public_translations(self.model))

    def beyond_few(self, region):
        """The pieces filed under a region itself without the first ``MANY``; for a subquery."""
        return self.model.regions.through.objects.filter(region=region)[MANY:]

    def newest_works(self, regions, count, are_many):
        """
        The newest public works under any of these regions. Few are sorted; where there are many,
        the newest of all are gone through until there are enough, which SQLite does not do by
        itself. Keys are sorted alone: a sort carries along all that is asked for, and cards show
        a lot.
        """
        found = self.in_regions(regions)
        if are_many:
            # Asked first, of the index alone; for the rest the row is read.
            found = self.filter(Exists(self.filed(regions).filter(publication=OuterRef("pk"))))
        keys = found.public().works().order_by("-publish_at", "-pk").values("pk")[:count]
        return self.model._default_manager.filter(pk__in=keys)

    def as_cards(self):
        """With all that a card in a list shows; two queries however many there are."""
        return (
            self.select_related("series", "original_outlet", "numbered_in")
            .prefetch_related(self.bylines())
            .defer("body", "summary", *LONG_TEXTS_OF_REGIONS)
        )

    def as_rows(self):
        """As a list of the desk has them: without the long texts."""
        return self.defer("body", "summary", *LONG_TEXTS_OF_REGIONS)

    def as_hits(self):
        """With what a list of all that was found shows of each, and no more."""
        shown = ["title", "slug", "kind", "number", "language", "publish_at"]
        region = [f"numbered_in__{name}" for name in ("name", "status", "publish_at")]
        return self.select_related("numbered_in").only(*shown, *region)

    def as_page(self):
        """With all that its own page shows."""
        parts = ["findings", "questions", "recommendations", "figures", "attachments"]
        return (
            self.select_related("series", "original_outlet", "numbered_in", "parent")
            .prefetch_related("tags", "corrections", *parts)
            .prefetch_related(self.bylines())
        )

    def bylines(self):
        bylines = self.model._meta.get_field("bylines").related_model.objects
        return Prefetch("bylines", bylines.select_related("person"))


def public_translations(model):
    """What gives each piece its ``public_translations``, as cards; see ``Publication.shown``."""
    translations = model._meta.concrete_model.objects.public().as_cards().order_by("language")
    return Prefetch("translations", translations, to_attr="public_translations")
