import uuid

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisiswatch.models import Situation
from editorial.languages import default_language, interface_languages
from newsletter.addresses import LONGEST, fingerprints
from newsletter.models.consents import Consent
from newsletter.models.sign_ups import LINK_LIVES, SignUp
from regions.models import Region


class Product(models.TextChoices):
    CRISISWATCH = "crisiswatch", _("CrisisWatch")
    ALL_UPDATES = "all_updates", _("All updates")


def target(region=None):
    """What somebody asks for who signs up on the page of a region, or on any other page."""
    return {"region": region} if region else {"product": Product.ALL_UPDATES}


class SubscriberQuerySet(models.QuerySet):
    def at(self, address):
        """The one with this normalised address, in whatever case it was typed."""
        return self.alias(folded=Lower("address")).filter(folded=address.lower())

    def meet(self, address):
        """The one with this normalised address, new if need be; locked until the commit."""
        self.bulk_create([self.model(address=address)], ignore_conflicts=True)
        return self.at(address).select_for_update().get()

    def unwelcomed(self):
        """Those who have joined since the last welcome mail went out to them, if one did."""
        waiting = Q(welcomed_at=None) | Q(welcomed_at__lt=F("confirmed_at"))
        return self.filter(waiting, confirmed_at__isnull=False, left_at=None)

    def forgotten(self):
        """Those who were asked to confirm and have not done so while their link lived."""
        recent = Consent.objects.filter(at__gt=timezone.now() - LINK_LIVES)
        return self.filter(confirmed_at=None).exclude(pk__in=recent.values("subscriber"))


class Subscriber(models.Model):
    """
    Somebody who left an address: asked, confirmed or gone again.

    For some of them it is dangerous to be known as one, so the name of the row (which the admin's
    log and error reports keep) does not give the address away.
    """

    owns = ("subscriptions", "consents", "deliveries")

    address = models.CharField(_("address"), max_length=LONGEST)
    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(
        _("language"), max_length=10, choices=interface_languages, default=default_language
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    welcomed_at = models.DateTimeField(_("welcomed at"), null=True, blank=True)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [
            models.UniqueConstraint(Lower("address"), name="newsletter_subscriber_address_once"),
            models.CheckConstraint(
                name="newsletter_subscriber_who_left_had_confirmed",
                condition=Q(left_at__isnull=True) | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_subscribed(self):
        return self.confirmed_at is not None and self.left_at is None

    def receives(self, region=None) -> bool:
        """Whether they get the updates on a region, or all updates."""
        return self.is_subscribed and self.subscriptions.filter(**target(region)).exists()

    def topics(self):
        """The names of what they receive, as a consent keeps them."""
        chosen = self.subscriptions.select_related("region", "situation")
        return ", ".join(sorted(subscription.topic for subscription in chosen))

    @transaction.atomic
    def confirm(self, *, region=None, **shown) -> bool:
        """
        Subscribe to a region, or to all updates. Return whether that was news.

        ``shown`` are the fields of the ``Consent`` that say what the page showed.
        """
        self.refresh_from_db(from_queryset=Subscriber.objects.select_for_update())
        _subscription, is_new = self.subscriptions.get_or_create(**target(region))
        if self.is_subscribed and not is_new:
            return False
        if not self.is_subscribed:
            self.confirmed_at, self.left_at = timezone.now(), None
            self.save()
        self.consents.create(action=Consent.Action.CONFIRMED, topics=self.topics(), **shown)
        return True

    @transaction.atomic
    def change(self, *, regions, products, language, offered, **shown) -> bool:
        """
        Receive, of the regions ``offered`` and of all products, exactly these. Return whether
        that was news. Regions that were not offered (withdrawn ones) and situations stay.
        """
        self.refresh_from_db(from_queryset=Subscriber.objects.select_for_update())
        before = self.topics(), self.language
        self.subscriptions.filter(region__in=offered).exclude(region__in=regions).delete()
        self.subscriptions.exclude(product=None).exclude(product__in=products).delete()
        self.subscriptions.bulk_create(
            [Subscription(subscriber=self, region=region) for region in regions]
            + [Subscription(subscriber=self, product=product) for product in products],
            ignore_conflicts=True,
        )
        self.language = language
        self.save()
        after = self.topics(), language
        if before != after:
            self.consents.create(action=Consent.Action.CHANGED, topics=after[0], **shown)
        return before != after

    @transaction.atomic
    def leave(self, **shown):
        """Receive nothing from now on. Leaving twice is leaving once."""
        self.refresh_from_db(from_queryset=Subscriber.objects.select_for_update())
        if self.is_subscribed:
            self.left_at = timezone.now()
            self.save()
            self.subscriptions.all().delete()
            self.consents.create(action=Consent.Action.LEFT, **shown)

    @transaction.atomic
    def erase(self):
        """
        Delete every row about this person, consents and deliveries among them.

        A consent is the proof that a mail was asked for; it is not worth more than the safety of
        a person who asks to be unknown. Only a ``Suppression`` stays, which names nobody.
        """
        SignUp.objects.filter(fingerprint__in=fingerprints(self.address)).delete()
        self.delete()


class Subscription(models.Model):
    """One subscriber's wish for one region, situation or product."""

    class Frequency(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        WEEKLY = "weekly", _("weekly")
        MONTHLY = "monthly", _("monthly")

    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
    )
    situation = models.ForeignKey(
        Situation,
        verbose_name=_("situation"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
    )
    product = models.CharField(_("product"), max_length=20, choices=Product, null=True, blank=True)
    frequency = models.CharField(
        _("frequency"), max_length=10, choices=Frequency, default=Frequency.AT_ONCE
    )

    class Meta:
        ordering = ["subscriber", "pk"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.CheckConstraint(
                name="newsletter_subscription_has_exactly_one_target",
                condition=Q(region__isnull=False, situation=None, product=None)
                | Q(region=None, situation__isnull=False, product=None)
                | Q(region=None, situation=None, product__isnull=False),
                violation_error_message=_("Choose one: a region, a situation or a product."),
            ),
            models.UniqueConstraint(
                "subscriber", "region", name="newsletter_subscription_once_per_region"
            ),
            models.UniqueConstraint(
                "subscriber", "situation", name="newsletter_subscription_once_per_situation"
            ),
            models.UniqueConstraint(
                "subscriber", "product", name="newsletter_subscription_once_per_product"
            ),
        ]

    def __str__(self):
        return str(self.region or self.situation or self.get_product_display())

    @property
    def topic(self):
        return self.product or (self.region or self.situation).slug
