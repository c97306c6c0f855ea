"""Settings of the example. What concerns SMS is at the end; the rest is what `startproject` writes, shortened."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# An example: set your own in the environment.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-this-example")
DEBUG = os.environ.get("DJANGO_DEBUG", "") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "core.urls"
INSTALLED_APPS = ["apps.users"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
DATABASES = {}
USE_TZ = True
TIME_ZONE = "Asia/Tashkent"
LANGUAGE_CODE = "uz"

# --- SMS -------------------------------------------------------------------------------------------------------------

# The account's token and the public address for delivery reports. The gateway reads the same two variables and takes
# care of them; the project keeps them so that one environment file serves both.
ESKIZ_TOKEN = os.environ.get("ESKIZ_TOKEN", "")
ESKIZ_CALLBACK_URL = os.environ.get("ESKIZ_CALLBACK_URL", "")

# Where `eskiz serve` listens, and a key that it accepts: the text itself, or the file that the gateway made. Unless told
# otherwise, what the gateway's own settings say. `eskiz keys add django --scope admin` makes a key of the project's own;
# without that scope it sends, and cannot renew the token.
ESKIZ_GATEWAY_URL = os.environ.get("ESKIZ_GATEWAY_URL") or (
    "http://" + os.environ.get("ESKIZ_LISTEN", "127.0.0.1:8080").replace("0.0.0.0", "127.0.0.1")
)
ESKIZ_GATEWAY_KEY = os.environ.get("ESKIZ_GATEWAY_KEY") or os.environ.get("ESKIZ_API_KEYS", "").split(",")[0]
_STATE_HOME = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
ESKIZ_GATEWAY_KEY_FILE = os.environ.get("ESKIZ_GATEWAY_KEY_FILE") or os.path.join(
    os.environ.get("ESKIZ_STATE_DIR") or os.path.join(_STATE_HOME, "eskiz"), "api-key"
)
# Must match a text that Eskiz has approved.
ESKIZ_CODE_TEMPLATE = os.environ.get("ESKIZ_CODE_TEMPLATE", "Sizning tasdiqlash kodingiz: {code}")

LOG_FILE = os.environ.get("DJANGO_LOG_FILE", str(BASE_DIR / "sms.log"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "file": {"class": "logging.FileHandler", "filename": LOG_FILE, "formatter": "line", "encoding": "utf-8"},
    },
    "loggers": {"apps.users": {"handlers": ["console", "file"], "level": "INFO", "propagate": False}},
}
