from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editorial.checking import check_links, check_notes, check_picture, words
from editorial.images import ALT_HELP, PictureField, found_by_name
from editorial.models import Check, Publishable, PublishableQuerySet, Status
from editorial.richtext import RichTextField
from regions.desks import on_desk
from regions.globe import globe
from regions.tree import Tree

LONG_INTRODUCTION = 300


class Country(models.Model):
    """A country or territory: its codes of ISO 3166-1; its number there is that of UN M49."""

    alpha2 = models.CharField(_("alpha-2 code"), max_length=2, unique=True)
    alpha3 = models.CharField(_("alpha-3 code"), max_length=3, unique=True)
    m49 = models.CharField(
        _("M49 number"), max_length=3, blank=True, default="", db_default="", editable=False
    )
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["name"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    def __str__(self):
        return self.name


class RegionQuerySet(PublishableQuerySet):
    def tree(self):
        """Return the public regions as a ``Tree``: one query, however deep it is."""
        return Tree(self.public().only("name", "slug", "parent_id"))

    def with_crowds(self, relation: str):
        """``is_crowded``: whether many objects of a room further right are filed under each."""
        rest = self.model.room(relation).beyond_few(OuterRef("pk"))
        return self.annotate(is_crowded=Exists(rest))


class Region(Publishable):
    """A part of the world with a page of its own; regions form a tree."""

    needed_by_readers = ("introduction",)

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers come first in lists.")
    )
    introduction = RichTextField(_("introduction"))
    countries = models.ManyToManyField(
        Country,
        verbose_name=_("countries"),
        blank=True,
        related_name="regions",
        help_text=_("They light up on the globe beside the name."),
    )
    image = PictureField(_("picture"), upload_to="regions/region/image", blank=True)
    image_alt = models.CharField(
        _("alternative text"), max_length=250, blank=True, help_text=ALT_HELP
    )
    image_credit = models.CharField(_("credit"), max_length=120, blank=True)
    globe = models.TextField(_("globe"), blank=True, editable=False)

    objects = RegionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ["position", "name"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        indexes = [*Publishable.Meta.indexes, *found_by_name("image")]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="regions_region_is_not_part_of_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
            ),
            models.CheckConstraint(
                name="regions_region_picture_has_alternative_text",
                condition=~Q(status=Status.APPROVED) | Q(image="") | ~Q(image_alt=""),
                violation_error_message=_("Alternative text: say what the picture shows."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("regions:region", args=[self.slug])

    def clean(self):
        above, seen = self.parent, []
        while above and above != self and above not in seen:
            seen.append(above)
            above = above.parent
        if above:
            raise ValidationError({"parent": _("This would put the region below itself.")})

    def addresses(self):
        names = ["regions:region", "regions:updates", "publications:region_feed"]
        return [reverse(name, args=[self.slug]) for name in names]

    def filed(self, relation: str, tree: Tree):
        """
        The objects of a room further right that are filed under this region or below it.

        ``relation`` is the name that room gave to its relation, such as ``"publications"``; its
        queryset answers ``in_regions(primary keys)``.
        """
        return self.room(relation).in_regions(tree.branch(self.pk))

    def newest(self, relation: str, tree: Tree, count: int):
        """The newest of these that readers have; ``tree`` is one ``with_crowds``."""
        branch = tree.branch(self.pk)
        are_many = any(tree.regions[pk].is_crowded for pk in branch if pk in tree.regions)
        return self.room(relation).newest_works(branch, count, are_many)

    @classmethod
    def room(cls, relation):
        return cls._meta.get_field(relation).related_model.objects

    def checks(self):
        yield from super().checks()
        yield from check_picture(self, "image", _("Alternative text: say what the picture shows."))
        yield from check_links(self, "introduction")
        yield from check_notes(self, "introduction", self.introduction)
        if (count := words(self.introduction)) > LONG_INTRODUCTION:
            long = _("The introduction has %(count)s words and pushes the news far down.")
            yield Check("introduction", long % {"count": count}, blocking=False)
        if not self.countries.exists():
            unlit = _("No country is chosen: none lights up on the globe.")
            yield Check("countries", unlit, blocking=False)

    def is_on_desk_of(self, user):
        return self.pk is None or on_desk(user, [self.pk])

    def settle(self):
        self.draw_globe()

    def draw_globe(self):
        """Draw the locator again. Call it when the countries have changed."""
        self.globe = globe([country.alpha2 for country in self.countries.all()])
        Region.objects.filter(pk=self.pk).update(globe=self.globe)


class DeskQuerySet(models.QuerySet):
    def area(self) -> set[int] | None:
        """
        The primary keys of the regions that these desks look after, with all that lies below.

        None if there is no desk among these; a desk without a region looks after nothing.
        """
        rows = list(self.values_list("regions", flat=True))
        if not rows:
            return None
        tree = Tree(Region.objects.only("parent_id"))
        return {pk for region in rows if region for pk in tree.branch(region)}

    def areas(self, users, tree: Tree) -> dict[int, set[int]]:
        """
        The ``area`` of each of these users, given by their keys, that a desk binds. One query.

        Who belongs to no desk, and a superuser, edits everywhere and is not in it.
        """
        bound = self.filter(members__in=users, members__is_superuser=False)
        found = {}
        for user, region in bound.values_list("members", "regions"):
            found.setdefault(user, set()).update(tree.branch(region) if region else ())
        return found


class Desk(models.Model):
    """
    Editors who look after a part of the world. They edit what lies there and read the rest.

    Who belongs to no desk edits everywhere, as far as their role goes.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    regions = models.ManyToManyField(
        Region,
        verbose_name=_("regions"),
        blank=True,
        related_name="desks",
        help_text=_("With everything that is part of them."),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("members"), blank=True, related_name="desks"
    )

    objects = DeskQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("desk")
        verbose_name_plural = _("desks")

    def __str__(self):
        return self.name
