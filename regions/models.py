from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editorial.images import ALT_HELP, PictureField
from editorial.models import Publishable, PublishableQuerySet
from editorial.richtext import RichTextField
from regions.globe import globe
from regions.tree import Tree


class Country(models.Model):
    """A country or territory of ISO 3166-1."""

    alpha2 = models.CharField(_("alpha-2 code"), max_length=2, unique=True)
    alpha3 = models.CharField(_("alpha-3 code"), max_length=3, unique=True)
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
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="regions_region_is_not_part_of_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
            ),
            models.CheckConstraint(
                name="regions_region_picture_has_alternative_text",
                condition=Q(image="") | ~Q(image_alt=""),
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
        model = self._meta.get_field(relation).related_model
        return model.objects.in_regions(tree.branch(self.pk))

    def draw_globe(self):
        """Draw the locator again. Call it when the countries have changed."""
        self.globe = globe([country.alpha2 for country in self.countries.all()])
        Region.objects.filter(pk=self.pk).update(globe=self.globe)
