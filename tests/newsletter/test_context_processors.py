import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from tests.factories import make_region
from tests.newsletter.factories import make_wording

pytestmark = pytest.mark.django_db
SECTION = '{% include "includes/_sign_up.html" %}'


def draw(template=SECTION, **context):
    request = RequestFactory().get("/regions/asia/")
    return engines["django"].from_string(template).render(context, request)


def test_a_page_that_does_not_draw_the_section_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        draw("no section")


def test_a_page_that_draws_it_asks_once(django_assert_num_queries):
    make_wording()
    with django_assert_num_queries(1):
        draw()


def test_the_section_says_what_the_documents_say_until_an_editor_changes_it(settings):
    settings.SITE_NAME = "Crisis Watchers"
    section = draw()
    assert "Subscribe to Crisis Watchers’s Email Updates" in section
    assert "Receive the best source of conflict analysis right in your inbox." in section


def test_the_section_says_what_an_editor_wrote(settings):
    settings.SITE_NAME = "Crisis Watchers"
    make_wording(heading="News & more, 100% %(site)s", sentence="Really <good>.", consent="Fair.")
    section = draw()
    assert "News &amp; more, 100% Crisis Watchers" in section
    assert "Really &lt;good&gt;." in section
    assert "<small>Fair.</small>" in section


def test_each_language_has_its_own_wording():
    make_wording(language="he", heading="עדכונים")
    assert "עדכונים" not in draw()
    with translation.override("he"):
        assert "עדכונים" in draw()


def test_the_section_is_named_by_its_heading():
    section = draw()
    assert 'aria-labelledby="subscribe"' in section
    assert '<h2 id="subscribe">' in section
    assert '<label for="id_address">' in section
    assert 'id="id_address"' in section


def test_on_a_regions_page_the_form_knows_the_region():
    section = draw(region=make_region(slug="asia"))
    assert 'name="region" value="asia"' in section
    assert 'name="page" value="/regions/asia/"' in section


def test_elsewhere_the_form_knows_no_region():
    assert 'name="region" value=""' in draw()


def test_the_form_posts_to_the_language_of_the_page():
    assert 'action="/newsletter/"' in draw()
    with translation.override("he"):
        assert 'action="/he/newsletter/"' in draw()


def test_the_section_is_the_same_for_every_reader():
    section = draw()
    assert "csrf" not in section
    assert section == draw()
