"""
All settings, read from the environment (and from ``var/env``, or the file that ENV_FILE names).

The table in ``docs/operators.md`` lists every variable; a test holds it against this file.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import dj_email_url
from django.conf import global_settings
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from crisiswatch.data.licences import LICENCES
from editorial.extensions import MODULES, PROSE

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

env = Env()
env.read_env(os.environ.get("ENV_FILE", VAR_DIR / "env"), recurse=False)


def read(kind, name, remedy, valid=lambda value: True, **options):
    """Read a variable. A missing or malformed one stops the start and says what to set."""
    try:
        value = getattr(env, kind)(name, **options)
        if not valid(value):
            raise ValueError(f"{value!r} will not do")
    except (EnvError, ValueError) as error:
        message = f"{name}: {error}. Set it to {remedy} (docs/operators.md lists all variables)."
        raise ImproperlyConfigured(message) from None
    return value


DEBUG = read("bool", "DEBUG", "1 or 0", default=False)
SECRET_KEY = read("str", "SECRET_KEY", "a long random string that you keep secret")
SECRET_KEY_FALLBACKS = read(
    "list", "SECRET_KEY_FALLBACKS", "the keys used before, with commas between them", default=[]
)
SITE_NAME = read("str", "SITE_NAME", "the name of your organisation", default="crisishub")
SITE_URL = read(
    "str",
    "SITE_URL",
    "the public address, such as https://example.org",
    default="http://127.0.0.1:8000",
    valid=lambda url: urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname,
).rstrip("/")
SECURE = SITE_URL.startswith("https:")
ALLOWED_HOSTS = read(
    "list",
    "ALLOWED_HOSTS",
    "the host names that you serve, with commas between them",
    default=[urlsplit(SITE_URL).hostname],
)
ADMIN_PATH = read("str", "ADMIN_PATH", "a path such as desk/", default="admin/").strip("/") + "/"
BEHIND_PROXY = read("bool", "BEHIND_PROXY", "1 or 0", default=False)
COOKIE_NOTICE = read("bool", "COOKIE_NOTICE", "1 or 0", default=False)
PREVIEW_LINK_HOURS = read(
    "int", "PREVIEW_LINK_HOURS", "a number of hours", default=48, valid=lambda hours: hours > 0
)
DATA_LICENCE = read(
    "str",
    "DATA_LICENCE",
    f"one of {', '.join(LICENCES)}",
    default="CC-BY-4.0",
    valid=lambda name: name in LICENCES,
)
STALE_MONTHS = read(
    "int", "STALE_MONTHS", "a number of months", default=6, valid=lambda months: months > 0
)

API_RATE = read(
    "int",
    "API_RATE",
    "how many requests a minute one address may make, or 0 for no limit",
    default=120,
    valid=lambda requests: requests >= 0,
)

# Applications

INSTALLED_APPS = [
    "crisishub.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sites",
    "django.contrib.redirects",
    "django.contrib.flatpages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crisishub.apps.TopicsConfig",
    "imagefield",
    "js_asset",
    "django_prose_editor",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "editorial",
    "regions",
    "people",
    "publications",
    "crisiswatch",
    "newsletter",
    "crisishub.apps.CrisishubConfig",
]
SITE_ID = 1

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "editorial.middleware.GZipPages",
    "crisishub.api.edge.answer_programs",
    "django.middleware.http.ConditionalGetMiddleware",
    "editorial.middleware.language_of_the_path",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "editorial.middleware.only_what_pages_understand",
    "editorial.middleware.what_is_due_comes_first",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "editorial.middleware.redirect_old_addresses",
    "editorial.middleware.GoneMiddleware",
]

ROOT_URLCONF = "crisishub.urls"
WSGI_APPLICATION = "crisishub.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crisishub.context_processors.site",
                "newsletter.context_processors.sign_up",
            ],
        },
    }
]

# Database

DATABASES = {
    "default": read(
        "dj_db_url",
        "DATABASE_URL",
        "an address such as postgres://user:password@host/name",
        default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
        conn_max_age=None,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A reader never waits, a writer takes its turn at once, and a commit survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    # A pooled connection that the server has closed would otherwise cost one request each.
    DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = True

# Background jobs

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Mail

vars().update(
    read(
        "dj_email_url",
        "EMAIL_URL",
        "an address such as submission://user:password@mail.example.org:587",
        default=f"file:///{VAR_DIR / 'mail'}",
        valid=lambda _: urlsplit(env.str("EMAIL_URL", "file:")).scheme in dj_email_url.SCHEMES,
    )
)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read(
    "str",
    "DEFAULT_FROM_EMAIL",
    "the sender of mails, such as 'Example <news@example.org>'",
    default=f"{SITE_NAME} <noreply@{urlsplit(SITE_URL).hostname}>",
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [
    (code, LANG_INFO[code]["name_local"])
    for code in read(
        "list",
        "LANGUAGES",
        "language codes that locale/ holds, en among them, such as en,he",
        default=["en", "he"],
        valid=lambda codes: LANGUAGE_CODE in codes and set(codes) <= LANG_INFO.keys(),
    )
]
TRANSLATION_LANGUAGES = read(
    "list",
    "TRANSLATION_LANGUAGES",
    "the codes of the languages into which you translate, such as ar,fr",
    default=[],
    valid=lambda codes: set(codes) <= dict(global_settings.LANGUAGES).keys(),
)
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = read(
    "str",
    "TIME_ZONE",
    "a name such as Europe/Brussels",
    default="UTC",
    valid=lambda name: name in available_timezones(),
)

# The world map: whose borders

MAP_POINT_OF_VIEW = read(
    "str",
    "MAP_POINT_OF_VIEW",
    "de-facto or united-nations",
    default="de-facto",
    valid=lambda name: name in {file.stem for file in BASE_DIR.glob("crisiswatch/atlas/*.json")},
)

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = read(
    "path", "MEDIA_ROOT", "a folder that the server may write", default=VAR_DIR / "media"
)
MEDIA_ACCEL = read(
    "str",
    "MEDIA_ACCEL",
    "the internal location of nginx for MEDIA_ROOT, such as /files/",
    default="",
    valid=lambda path: not path or (path.startswith("/") and path.endswith("/")),
)
SEARCH_DIR = read(
    "path", "SEARCH_DIR", "a folder that the server may write", default=VAR_DIR / "search"
)
PDF_DIR = read("path", "PDF_DIR", "a folder that the server may write", default=VAR_DIR / "pdf")
STORAGES = {
    "default": {"BACKEND": "editorial.files.HashedStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# What is compressed already, and the source maps, which no reader loads.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "png", "webp", "woff2", "ico", "gz", "br", "map"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "editorial.uploading.NoMoreThanWeTake",
]
IMAGEFIELD_AUTOGENERATE = False
IMAGEFIELD_BIN_DEPTH = 2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Texts: what their editor can do besides what it came with

DJANGO_PROSE_EDITOR_EXTENSIONS = [{"js": MODULES, "extensions": PROSE}]
# A text of 2 MB is refused with a sentence; so the form with it has to arrive.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

# Staff sign-in

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Who wrote the newest revision of a piece does not release it.
TWO_PERSON_RULE = read("bool", "TWO_PERSON_RULE", "1 or 0", default=False)

# Headers: what a page may load, and who may look into it

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY = {
    name: []
    for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "crisishub.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
