import datetime
import mimetypes

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Enclosure
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from editorial.finding import get_public_or_gone
from people.models import Person
from publications.feeds.atom import Atom, Category, Name, lasting_id, printable
from publications.feeds.texts import full_text
from publications.models import Publication
from publications.topics import get_topic
from regions.models import Region

LENGTH = 30


def site_and(name):
    return printable(_("%(site)s: %(name)s") % {"site": settings.SITE_NAME, "name": name})


class Updates(Feed):
    """The newest publications, with their whole texts."""

    feed_type = Atom

    def __call__(self, request, *args, **kwargs):
        """By its ETag alone a feed is known: what is withdrawn leaves only older entries behind."""
        response = super().__call__(request, *args, **kwargs)
        del response["Last-Modified"]
        return response

    def title(self):
        return site_and(_("Latest Updates"))

    def subtitle(self, of):
        return None

    def link(self):
        return absolute(reverse("publications:publications"))

    def feed_url(self):
        return absolute(reverse("publications:feed"))

    def feed_guid(self, of):
        return self._get_dynamic_attr("feed_url", of)

    def author_name(self):
        return settings.SITE_NAME

    def author_link(self):
        return absolute(reverse("home"))

    def found(self, of):
        """The publications that are meant, of which the newest public ones are told."""
        return Publication.objects.all()

    def items(self, of):
        return self.found(of).public().as_page()[:LENGTH]

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.standfirst

    def item_link(self, item):
        return absolute(item.get_absolute_url())

    def item_guid(self, item):
        return lasting_id(item)

    def item_pubdate(self, item):
        return item.publish_at

    def item_updateddate(self, item):
        return changed_at(item)

    def item_categories(self, item):
        kind = Category(item.kind, item.get_kind_display(), absolute(self.of_kinds()))
        topics = [
            Category(tag.slug, tag.name, absolute(self.of_topics())) for tag in item.tags.all()
        ]
        return [kind, *topics]

    def of_kinds(self):
        return reverse("publications:publications")

    def of_topics(self):
        return reverse("publications:topics")

    def item_enclosures(self, item):
        return [enclosure(each) for each in item.attachments.all() if each.file]

    def item_copyright(self, item):
        return item.get_licence_display()

    def item_extra_kwargs(self, item):
        bylines = item.bylines.all()
        return {
            "language": item.language,
            "content": full_text(item),
            "authors": [name_of(each) for each in bylines if each.role == each.Role.AUTHOR],
            "contributors": [name_of(each) for each in bylines if each.role != each.Role.AUTHOR],
        }


class RegionUpdates(Updates):
    def get_object(self, request, slug):
        return get_public_or_gone(Region.objects, slug=slug)

    def title(self, region):
        return site_and(region)

    def link(self, region):
        return absolute(region.get_absolute_url())

    def feed_url(self, region):
        return absolute(reverse("publications:region_feed", args=[region.slug]))

    def found(self, region):
        return region.filed("publications", Region.objects.tree())


class PersonUpdates(Updates):
    def get_object(self, request, slug):
        return get_public_or_gone(Person.objects, slug=slug)

    def title(self, person):
        return site_and(person)

    def link(self, person):
        return absolute(person.get_absolute_url())

    def feed_url(self, person):
        return absolute(reverse("publications:person_feed", args=[person.slug]))

    def found(self, person):
        return Publication.objects.filter(pk__in=person.bylines.values("publication"))


class TopicUpdates(Updates):
    def get_object(self, request, slug):
        return get_topic(slug)

    def title(self, topic):
        return site_and(topic)

    def link(self, topic):
        return absolute(reverse("publications:topic", args=[topic.slug]))

    def feed_url(self, topic):
        return absolute(reverse("publications:topic_feed", args=[topic.slug]))

    def found(self, topic):
        return Publication.objects.filter(tags=topic)


class KindUpdates(Updates):
    def get_object(self, request, kind):
        if kind not in Publication.Kind:
            raise Http404
        return Publication.Kind(kind)

    def title(self, kind):
        return site_and(kind.label)

    def link(self, kind):
        return absolute(f"{reverse('publications:publications')}?kind={kind}")

    def feed_url(self, kind):
        return absolute(reverse("publications:kind_feed", args=[kind]))

    def found(self, kind):
        return Publication.objects.filter(kind=kind)


def changed_at(piece) -> datetime.datetime:
    """
    The moment of the last change that readers should know of (RFC 4287, section 4.2.15): the day
    is what ``updated_on`` or a correction says.
    """
    days = [each.corrected_on for each in piece.corrections.all()]
    return changed_on(piece, [*days, *([piece.updated_on] if piece.updated_on else [])])


def changed_on(piece, days) -> datetime.datetime:
    """A moment on the last of the days, the hour as far as it is known; else the publication."""
    if not days:
        return piece.publish_at
    begins = beginning(max(days))
    ends = begins + datetime.timedelta(days=1, seconds=-1)
    return max(piece.publish_at, begins, min(piece.modified_at, ends))


def beginning(day) -> datetime.datetime:
    """The first moment of a day in the zone of the site."""
    midnight = datetime.datetime.combine(day, datetime.time())
    return timezone.make_aware(midnight, timezone.get_default_timezone())


def name_of(byline) -> Name:
    known = byline.person and byline.person.is_public
    return Name(byline.name, absolute(byline.person.get_absolute_url()) if known else "")


def enclosure(attachment) -> Enclosure:
    kind, _encoding = mimetypes.guess_type(attachment.file.name)
    path = reverse("editorial:media", args=[attachment.file.name])
    return Enclosure(absolute(path), str(attachment.size), kind or "application/octet-stream")
