from django.templatetags.static import static
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from editorial.addresses import absolute
from publications.feeds.atom import printable
from publications.feeds.updates import Updates, enclosure, site_and
from publications.models import Publication

SOUND = ".mp3"
CATEGORY = ("News", "Politics")  # Of the list that Apple keeps, in its words.


class PodcastRss(Rss201rev2Feed):
    """RSS 2.0 with the elements of Apple Podcasts, as other players read them too."""

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
        }

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        add = handler.addQuickElement
        add("itunes:author", self.feed["author_name"])
        add("itunes:image", "", {"href": self.feed["image"]})
        add("itunes:explicit", "false")
        add("itunes:type", "episodic")
        handler.startElement("itunes:category", {"text": CATEGORY[0]})
        add("itunes:category", "", {"text": CATEGORY[1]})
        handler.endElement("itunes:category")

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        add = handler.addQuickElement
        add("itunes:explicit", "false")
        if item["authors"]:
            add("itunes:author", printable(", ".join(each.name for each in item["authors"])))
        if item["content"]:
            add("content:encoded", printable(item["content"]))


class Podcast(Updates):
    """The podcasts that have a sound file of their own among their attachments."""

    feed_type = PodcastRss

    def title(self):
        return site_and(_("Podcast"))

    def description(self):
        return _("Conversations about deadly conflict, and how to prevent and end it.")

    def link(self):
        return absolute(f"{reverse('publications:publications')}?kind={Publication.Kind.PODCAST}")

    def feed_url(self):
        return absolute(reverse("publications:podcast_feed"))

    def feed_extra_kwargs(self, of):
        return {"image": absolute(static("podcast.png"))}

    def found(self, of):
        sounds = Publication._meta.get_field("attachments").related_model.objects
        pieces = sounds.filter(file__iendswith=SOUND).values("publication")
        return Publication.objects.filter(kind=Publication.Kind.PODCAST, pk__in=pieces)

    def item_title(self, item):
        return printable(item.title)

    def item_description(self, item):
        return printable(escape(item.standfirst))  # Players read HTML here.

    def item_guid_is_permalink(self, item):
        return False

    def item_author_name(self, item):
        return None

    def item_categories(self, item):
        return [printable(tag.name) for tag in item.tags.all()]

    def item_enclosures(self, item):
        """One, as RSS has it: the sound."""
        files = [each for each in item.attachments.all() if each.file.name.lower().endswith(SOUND)]
        return [enclosure(each) for each in files[:1]]
