import stat

import pytest
from django.apps import apps
from django.contrib.auth import authenticate

from crisishub import demo


@pytest.fixture(autouse=True)
def var(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path


@pytest.fixture
def calls(monkeypatch):
    """The management commands that are called, instead of their being run."""
    made = []
    monkeypatch.setattr(demo, "call_command", lambda name, *arguments, **options: made.append(name))
    return made


@pytest.mark.django_db
class TestEditor:
    def test_has_the_password_that_is_kept_for_the_owner_of_the_folder(self, var):
        demo.make_editor()
        file = var / "password.txt"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        password = file.read_text().strip()
        assert len(password) >= 16
        assert authenticate(username="editor", password=password).is_superuser
        assert demo.editor_password().startswith(f"{password} (kept in ")

    def test_may_choose_another_password(self):
        demo.make_editor()
        editor = demo.editors().get()
        editor.set_password("another")
        editor.save()
        assert demo.editor_password() == "the one you chose"

    def test_is_made_once(self, calls):
        demo.make_ready(print, static=False)
        password = demo.editor_password()
        demo.make_ready(print, static=False)
        assert demo.editor_password() == password


@pytest.mark.django_db
class TestContent:
    def test_is_loaded_into_an_empty_database(self, calls):
        demo.make_ready(print, static=False)
        assert calls == ["migrate", "sync_roles", "import_content", "build_search"]

    def test_is_not_loaded_again(self, calls):
        apps.get_model("regions.Region").objects.create(name="Asia", slug="asia")
        demo.make_ready(print, static=False)
        assert calls == ["migrate", "sync_roles"]


class TestStaticFiles:
    @pytest.fixture
    def source(self, tmp_path, settings):
        folder = tmp_path / "source"
        folder.mkdir()
        settings.STATICFILES_DIRS = [folder]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        (folder / "a.css").write_text("a{}")
        return folder

    def test_are_collected_once(self, source, var):
        said = []
        demo.collect_static(said.append)
        assert (var / "static/a.css").read_text() == "a{}"
        demo.collect_static(said.append)
        assert said == ["Collecting and compressing the static files …"]

    @pytest.mark.parametrize(
        "change",
        [
            lambda source: (source / "a.css").write_text("b{}"),
            lambda source: (source / "b.css").write_text("a{}"),
            lambda source: (source / "a.css").rename(source / "c.css"),
        ],
        ids=["changed", "added", "renamed"],
    )
    def test_are_collected_again_when_one_is(self, source, var, change):
        demo.collect_static(print)
        change(source)
        demo.collect_static(print)
        collected = {file.name: file.read_text() for file in (var / "static").iterdir()}
        assert collected == {file.name: file.read_text() for file in source.iterdir()}

    def test_are_collected_again_when_they_are_gone(self, source, var):
        demo.collect_static(print)
        (var / "static/a.css").unlink()
        (var / "static").rmdir()
        demo.collect_static(print)
        assert (var / "static/a.css").is_file()
