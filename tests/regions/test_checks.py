import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def found(region):
    return {(check.field, check.blocking) for check in region.checks()}


def test_a_complete_region_lacks_nothing():
    assert not found(factories.make_region(countries=["KR"]))


def test_a_region_needs_an_introduction_and_should_have_countries():
    region = factories.make_region(introduction="", status="draft")
    assert found(region) == {("introduction", True), ("countries", False)}


@pytest.mark.parametrize("alt", ["", " "])
def test_a_picture_needs_an_alternative_text(alt):
    region = factories.make_region(
        countries=["KR"], image=factories.picture(), image_alt=alt, status="draft"
    )
    assert found(region) == {("image_alt", True)}


def test_a_long_introduction_and_a_link_without_words_are_pointed_out():
    region = factories.make_region(
        countries=["KR"], introduction=f'<p>{"word " * 301}<a href="/x/"> <em></em></a></p>'
    )
    assert found(region) == {("introduction", False)}
    assert [check.sentence for check in region.checks()] == [
        "Introduction: a link has no words.",
        "The introduction has 301 words and pushes the news far down.",
    ]
