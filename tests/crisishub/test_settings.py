"""The environment stops the start with a sentence, or gives the settings that production needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SHOW = """
import json
from django.conf import settings
print(json.dumps({
    name: str(getattr(settings, name)) for name in (
        "DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE",
        "ALLOWED_HOSTS", "LANGUAGES", "EMAIL_BACKEND", "ADMIN_PATH", "EMAIL_FILE_PATH",
    )
}))
"""


def start(**variables):
    """Read the settings in a process of their own with these variables and no others."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "crisishub.settings",
        "ENV_FILE": os.devnull,
        **{name: value for name, value in variables.items() if value is not None},
    }
    return subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=False
    )


def settings(**variables):
    done = start(SECRET_KEY="x" * 60, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
        ({"SITE_URL": "example.org"}, "SITE_URL"),
        ({"LANGUAGES": "he"}, "LANGUAGES"),
        ({"LANGUAGES": "en,xx"}, "LANGUAGES"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE"),
        ({"EMAIL_URL": "pigeon://x"}, "EMAIL_URL"),
        ({"MAP_POINT_OF_VIEW": "atlantis"}, "MAP_POINT_OF_VIEW"),
    ],
)
def test_a_missing_or_malformed_variable_stops_the_start_and_says_what_to_set(variables, sentence):
    done = start(**{"SECRET_KEY": "x" * 60, **variables})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert sentence in last
    assert "et it to" in last


def test_production_is_the_default():
    found = settings(SITE_URL="https://example.org")
    assert found["DEBUG"] == "False"
    assert found["SECURE_SSL_REDIRECT"] == found["SESSION_COOKIE_SECURE"] == "True"
    assert int(found["SECURE_HSTS_SECONDS"]) >= 31536000
    assert found["ALLOWED_HOSTS"] == "['example.org']"


def test_without_tls_there_is_no_hsts():
    found = settings(SITE_URL="http://127.0.0.1:8000")
    assert found["SECURE_HSTS_SECONDS"] == "0"
    assert found["SECURE_SSL_REDIRECT"] == "False"


def test_the_admin_s_path_and_the_languages_can_be_chosen():
    found = settings(ADMIN_PATH="/desk", LANGUAGES="en,he,ar")
    assert found["ADMIN_PATH"] == "desk/"
    assert "العربيّة" in found["LANGUAGES"]


def test_mail_is_kept_in_a_folder_of_ours_until_somebody_says_how_to_send_it():
    found = settings()
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"].endswith("/var/mail")
    assert Path(found["EMAIL_FILE_PATH"]).is_absolute()
