import gettext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from crisishub import messages

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Region")
# Translators: of a year
B = pgettext("month", "May")
C = ngettext("%(count)d day", "%(count)d days", 2)
"""
TEMPLATE = """{% load i18n %}
  {% if page %}
      <p>{% translate "Latest updates" %} {% translate 'Say "no"' %}
    {% endif %}
{% blocktranslate count n=items|length trimmed %}
    One report by
    {{ name }}
{% plural %}
    {{ n }} reports by {{ name }}
{% endblocktranslate %}
"""


@pytest.fixture
def catalogue(tmp_path, settings, monkeypatch):
    """The Hebrew catalogue of a house with one room and one template."""
    room = tmp_path / "room"
    room.mkdir()
    (room / "texts.py").write_text(PYTHON)
    templates = tmp_path / "templates"
    templates.mkdir()
    (templates / "page.html").write_text(TEMPLATE)
    file = tmp_path / "locale/he/LC_MESSAGES/django.po"
    file.parent.mkdir(parents=True)
    file.touch()
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [templates]}]
    monkeypatch.setattr(messages, "rooms", lambda: [room])
    return file


def translate(file, text, translation):
    before = f'msgid "{text}"\nmsgstr ""\n'
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, f'msgid "{text}"\nmsgstr "{translation}"\n'))


def test_every_text_of_code_and_templates_gets_into_the_catalogue(catalogue):
    messages.update_messages()
    ids = {message.id for message in messages.read_catalogue(catalogue) if message.id}
    assert ids == {
        "Region",
        "May",
        ("%(count)d day", "%(count)d days"),
        "Latest updates",
        'Say "no"',
        ("One report by %(name)s", "%(n)s reports by %(name)s"),
    }
    assert 'msgctxt "month"' in catalogue.read_text()
    assert "#. Translators: of a year" in catalogue.read_text()


def test_an_update_keeps_translations_and_is_the_same_every_time(catalogue):
    messages.update_messages()
    translate(catalogue, "Region", "אזור")
    messages.update_messages()
    first = catalogue.read_bytes()
    assert "אזור".encode() in first
    messages.update_messages()
    assert catalogue.read_bytes() == first
    assert b"Date" not in first


def test_a_text_that_is_gone_is_kept_apart(catalogue):
    messages.update_messages()
    translate(catalogue, "Region", "אזור")
    (messages.rooms()[0] / "texts.py").write_text("")
    messages.update_messages()
    assert '#~ msgid "Region"\n#~ msgstr "אזור"' in catalogue.read_text()


def test_what_is_missing_untranslated_or_superfluous_is_said(catalogue):
    catalogue.write_text('msgid "Region"\nmsgstr ""\n\nmsgid "Gone"\nmsgstr "x"\n')
    found = "\n".join(messages.problems())
    assert "“Latest updates” is missing" in found
    assert "“Gone” is used no more" in found
    assert "“Region” has no translation" in found
    assert found.startswith("locale/he/LC_MESSAGES/django.po: ")


def test_a_fuzzy_translation_is_said(catalogue):
    catalogue.write_text('#, fuzzy\nmsgid "Region"\nmsgstr "אזור"\n')
    assert any("“Region” is marked as fuzzy" in each for each in messages.problems())


def test_a_translation_that_loses_a_name_is_said(catalogue):
    catalogue.write_text('#, python-format\nmsgid "By %(name)s"\nmsgstr "מאת"\n')
    assert any(
        "“By %(name)s”: the translation has other placeholders" in each
        for each in messages.problems()
    )


def test_the_check_fails_with_all_problems_at_once(catalogue):
    with pytest.raises(CommandError, match="is missing"):
        call_command("messages", check=True)
    assert catalogue.read_text() == ""


def test_the_command_updates_compiles_and_lists_what_is_left(catalogue):
    out = StringIO()
    call_command("messages", stdout=out)
    assert "“Region” has no translation." in out.getvalue()
    assert catalogue.with_suffix(".mo").is_file()


def test_compiling_is_done_again_only_when_the_catalogue_is_newer(catalogue):
    catalogue.write_text('msgid "Region"\nmsgstr "אזור"\n')
    messages.compile_messages()
    compiled = catalogue.with_suffix(".mo")
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Region") == "אזור"
    first = compiled.stat().st_mtime_ns
    messages.compile_messages()
    assert compiled.stat().st_mtime_ns == first
    catalogue.write_text('msgid "Region"\nmsgstr "מחוז"\n')
    messages.compile_messages()
    with compiled.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Region") == "מחוז"
    assert sorted(file.name for file in catalogue.parent.iterdir()) == ["django.mo", "django.po"]
