"""
All settings. What an operator may choose is read from the environment (and from ``var/env``).

The table in ``docs/operators.md`` lists every variable; a test holds it against this file.
"""

from urllib.parse import urlsplit
from zoneinfo import available_timezones

import dj_email_url
from django.conf import global_settings
from django.conf.locale import LANG_INFO

from crisishub.environment import BASE_DIR, VAR_DIR, env, flag, folder, names, number, one_of, read
from crisiswatch.data.licences import LICENCES
from editorial.extensions import MODULES, PROSE

DEBUG = flag("DEBUG")
SECRET_KEY = read("str", "SECRET_KEY", "a long random string that you keep secret")
SECRET_KEY_FALLBACKS = names("SECRET_KEY_FALLBACKS", "the keys used before", default=[])
SITE_NAME = read("str", "SITE_NAME", "the name of your organisation", default="crisishub")
SITE_URL = read(
    "str",
    "SITE_URL",
    "the public address, such as https://example.org",
    lambda url: urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname,
    default="http://127.0.0.1:8000",
).rstrip("/")
SECURE = SITE_URL.startswith("https:")
ALLOWED_HOSTS = names(
    "ALLOWED_HOSTS", "the host names that you serve", default=[urlsplit(SITE_URL).hostname]
)
ADMIN_PATH = read("str", "ADMIN_PATH", "a path such as desk/", default="admin/").strip("/") + "/"
BEHIND_PROXY = flag("BEHIND_PROXY")
COOKIE_NOTICE = flag("COOKIE_NOTICE")
# Who wrote the newest revision of a piece does not release it.
TWO_PERSON_RULE = flag("TWO_PERSON_RULE")
PREVIEW_LINK_HOURS = number("PREVIEW_LINK_HOURS", "a number of hours", default=48)
DATA_LICENCE = one_of("DATA_LICENCE", LICENCES, default="CC-BY-4.0")
# Whose borders the map of the world shows.
points_of_view = {file.stem for file in BASE_DIR.glob("crisiswatch/atlas/*.json")}
MAP_POINT_OF_VIEW = one_of("MAP_POINT_OF_VIEW", points_of_view, default="de-facto")
STALE_MONTHS = number("STALE_MONTHS", "a number of months", default=6)
rate = "how many requests a minute one address may make, or 0 for no limit"
API_RATE = number("API_RATE", rate, default=120, least=0)

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

# Database, background jobs, mail

database = read(
    "dj_db_url",
    "DATABASE_URL",
    "an address such as postgres://user:password@host/name",
    default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
    conn_max_age=None,
)
if database["ENGINE"].endswith("sqlite3"):
    database["OPTIONS"] = {
        # A reader never waits, a writer takes its turn at once, and a commit survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    # A pooled connection that the server has closed would otherwise cost one request each.
    database |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    database.setdefault("OPTIONS", {})["pool"] = True
DATABASES = {"default": database}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

vars().update(
    read(
        "dj_email_url",
        "EMAIL_URL",
        "an address such as submission://user:password@mail.example.org:587",
        lambda _: urlsplit(env.str("EMAIL_URL", "file:")).scheme in dj_email_url.SCHEMES,
        default=f"file:///{VAR_DIR / 'mail'}",
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
codes = names(
    "LANGUAGES",
    "codes of languages that locale/ holds, en among them",
    lambda codes: LANGUAGE_CODE in codes and set(codes) <= LANG_INFO.keys(),
    default=["en", "he"],
)
LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in codes]
TRANSLATION_LANGUAGES = names(
    "TRANSLATION_LANGUAGES",
    "the codes of the languages into which you translate",
    lambda codes: set(codes) <= dict(global_settings.LANGUAGES).keys(),
    default=[],
)
LOCALE_PATHS = [BASE_DIR / "locale"]
zones = available_timezones()
TIME_ZONE = read(
    "str", "TIME_ZONE", "a name such as Europe/Brussels", zones.__contains__, default="UTC"
)

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = folder("MEDIA_ROOT", default=VAR_DIR / "media")
MEDIA_ACCEL = read(
    "str",
    "MEDIA_ACCEL",
    "the internal location of nginx for MEDIA_ROOT, such as /files/",
    lambda path: not path or (path.startswith("/") and path.endswith("/")),
    default="",
)
SEARCH_DIR = folder("SEARCH_DIR", default=VAR_DIR / "search")
PDF_DIR = folder("PDF_DIR", default=VAR_DIR / "pdf")
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
# A text of 2 MB is refused with a sentence; so the form with it has to arrive.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
# What the editor of texts can do besides what it came with.
DJANGO_PROSE_EDITOR_EXTENSIONS = [{"js": MODULES, "extensions": PROSE}]

# Staff sign-in

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
# Headers: what a page may load, and who may look into it

here = ["script-src", "style-src", "img-src", "font-src", "media-src", "form-action"]
nowhere = ["default-src", "base-uri", "frame-ancestors"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {name: ["'self'"] for name in here} | {name: ["'none'"] for name in nowhere}
}
unused = ["camera", "display-capture", "geolocation", "microphone", "payment", "usb"]
PERMISSIONS_POLICY = {name: [] for name in unused}
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
