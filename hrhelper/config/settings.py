"""Settings of HR Helper, for every environment; what differs comes from the environment."""

from importlib.util import find_spec
from pathlib import Path

from config.database import database
from config.environment import Environment
from config.google_login import providers
from config.redis import caches, redis_address

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR / ".env")

SECRET_KEY = env.text("HRHELPER_SECRET_KEY")
# The newest first; without one there is nothing to store credentials with.
CREDENTIAL_KEYS = env.items("HRHELPER_CREDENTIAL_KEYS")
DEBUG = env.flag("HRHELPER_DEBUG", False)
ALLOWED_HOSTS = env.items("HRHELPER_ALLOWED_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = env.items("HRHELPER_CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Before django-allauth, whose pages get the look of ours.
    "apps.pages",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "apps.core",
    "apps.accounts",
    "apps.interviewers",
    "apps.vacancies",
    "apps.finance",
    "apps.gemini",
    "apps.google_oauth",
    "apps.huntflow",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
if find_spec("parom_site"):
    MIDDLEWARE.insert(0, "parom_site.middleware.MaintenanceMiddleware")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.pages.page.menu",
            ]
        },
    }
]

DATABASES = {
    "default": database(
        env.text("HRHELPER_DATABASE_URL", ""),
        env.text("HRHELPER_DATABASE", str(BASE_DIR / "db.sqlite3")),
    )
}
CACHE_URL = env.text("HRHELPER_CACHE_URL", "")
CACHES = caches(CACHE_URL)
# Without a broker tasks are done at once, and run_worker and run_scheduler do the rest.
BROKER_URL = redis_address("HRHELPER_BROKER_URL", env.text("HRHELPER_BROKER_URL", ""))
WORKER_PROCESSES = env.number("HRHELPER_WORKER_PROCESSES", 2)

GEMINI_URL = env.text("HRHELPER_GEMINI_URL", "https://generativelanguage.googleapis.com/")
GEMINI_API_VERSION = env.text("HRHELPER_GEMINI_API_VERSION", "v1beta")
GEMINI_MODEL = env.text("HRHELPER_GEMINI_MODEL", "gemini-flash-latest")
GEMINI_TIMEOUT_S = env.number("HRHELPER_GEMINI_TIMEOUT_S", 30)

GOOGLE_CLIENT_ID = env.text("HRHELPER_GOOGLE_CLIENT_ID", "")
GOOGLE_CLIENT_SECRET = env.text("HRHELPER_GOOGLE_CLIENT_SECRET", "")
GOOGLE_ACCOUNTS_URL = env.text("HRHELPER_GOOGLE_ACCOUNTS_URL", "https://accounts.google.com")
GOOGLE_OAUTH_URL = env.text("HRHELPER_GOOGLE_OAUTH_URL", "https://oauth2.googleapis.com")
GOOGLE_APIS_URL = env.text("HRHELPER_GOOGLE_APIS_URL", "https://www.googleapis.com")
GOOGLE_AFTER_CONSENT = "/api/v1/google/grant/"
# Its login comes besides Django's own. Nobody is linked by an e-mail address alone.
SOCIALACCOUNT_PROVIDERS = providers(GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, GOOGLE_ACCOUNTS_URL)
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ADAPTER = "apps.google_oauth.signing_in.SocialAccountAdapter"
ACCOUNT_ADAPTER = "apps.google_oauth.signing_in.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
# It only counts and stops. Sessions name the other one, which lets people in.
AUTHENTICATION_BACKENDS = [
    "apps.accounts.attempts.LimitedAttempts",
    "django.contrib.auth.backends.ModelBackend",
]
# Of failures; the key is the user's name. Each process counts by itself where there is no Redis.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key", "token_failed": "60/m/ip"}
# How many proxies of ours write X-Forwarded-For: what others wrote there is not believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("HRHELPER_PROXIES", 0)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.text("HRHELPER_TIME_ZONE", "Europe/Minsk")
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
# Where no proxy serves STATIC_ROOT, the application serves its stylesheets itself.
SERVE_STATIC = env.flag("HRHELPER_SERVE_STATIC", True)
STATIC_ROOT = env.text("HRHELPER_STATIC", str(BASE_DIR / "staticfiles"))
MEDIA_URL = "media/"
MEDIA_ROOT = env.text("HRHELPER_MEDIA", str(BASE_DIR / "media"))

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "vacancies-page"

# TLS ends at the proxy. Where the proxy makes the redirect too, it is switched off here.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.flag("HRHELPER_SSL_REDIRECT", True)
if not SECURE_SSL_REDIRECT:
    SILENCED_SYSTEM_CHECKS = ["security.W008"]
SECURE_HSTS_SECONDS = env.number("HRHELPER_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        # The first one names the challenge: an anonymous call is 401, not 403.
        "apps.accounts.tokens.LimitedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["apps.accounts.permissions.RolePermission"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.Pages",
    "PAGE_SIZE": 50,
    # A form's switch that is not there would count as switched off.
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.errors.envelope",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "HR Helper",
    "VERSION": "v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.schema.document_errors",
    ],
    "ENUM_NAME_OVERRIDES": {"CurrencyEnum": "apps.finance.models.CURRENCIES"},
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

BANK_URL = env.text("HRHELPER_BANK_URL", "https://api.nbrb.by/")
BANK_TIMEOUT_S = env.number("HRHELPER_BANK_TIMEOUT_SECONDS", 10)

HUNTFLOW_URL = env.text("HRHELPER_HUNTFLOW_URL", "https://api.huntflow.ru/v2")
HUNTFLOW_TIMEOUT_S = env.number("HRHELPER_HUNTFLOW_TIMEOUT_SECONDS", 15)
# Of the whole installation; Huntflow itself allows 10 a token.
HUNTFLOW_REQUESTS_PER_SECOND = env.number("HRHELPER_HUNTFLOW_REQUESTS_PER_SECOND", 8)

LOG_FILE = Path(env.text("HRHELPER_LOG", str(BASE_DIR / "logs" / "django.log")))
LOG_FILE.parent.mkdir(parents=True, exist_ok=True)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} pid={process} {message}", "style": "{"}
    },
    "handlers": {
        "file": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": str(LOG_FILE),
            "formatter": "line",
            "encoding": "utf-8",
        }
    },
    "root": {"handlers": ["file"], "level": "INFO"},
    "loggers": {
        # At INFO it writes whole addresses, and in one of a search stands a candidate's name.
        "httpx": {"level": "WARNING"},
        # Its warnings hold what Google answered.
        "googleapiclient.http": {"level": "ERROR"},
    },
}
