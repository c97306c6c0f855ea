"""SMS for the users app: the same two functions as ever, now through the gateway (`eskiz serve`).

The gateway holds the account's token, renews it when it dies, keeps each message on disk until it is sent, sends it
once, and follows it to the phone. Here is only what an application needs: standard library, no token, no retry loop.

    from apps.users.utils import send_sms_via_eskiz, refresh_eskiz_token

    send_sms_via_eskiz("+998901234567", "123456")     # True or False
"""

import json
import logging
import socket
import urllib.error
import urllib.request
import uuid

from django.conf import settings

logger = logging.getLogger(__name__)

# The gateway waits this long for Eskiz before it answers that the code is still on its way.
WAIT_SECONDS = 10
TIMEOUT_SECONDS = 30

# The gateway is on this machine or in this network: never through a proxy.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# States in which the code will not arrive any more.
_LOST = {"failed", "expired", "cancelled", "undelivered"}


def send_sms_via_eskiz(phone, code):
    """Sends a one-time code. True once the gateway has it safely and Eskiz has not refused it, otherwise False."""
    text = settings.ESKIZ_CODE_TEMPLATE.replace("{code}", str(code))
    # The same key for every try of this one call: repeating it after a time-out cannot send the code twice.
    idempotency_key = str(uuid.uuid4())
    status, answer = _call(
        "POST",
        "/v1/messages",
        {"to": str(phone), "text": text, "lane": "otp"},
        {"Prefer": f"wait={WAIT_SECONDS}", "Idempotency-Key": idempotency_key},
    )
    if status not in (200, 202):
        logger.error("SMS to %s was not accepted: %s", _masked(phone), _reason(status, answer))
        return False
    if answer.get("status") in _LOST:
        logger.error("SMS to %s was not sent: %s", _masked(phone), _reason(status, answer.get("error") or answer))
        return False
    logger.info("SMS to %s: message %s is %s", _masked(phone), answer.get("id"), answer.get("status"))
    return True


def refresh_eskiz_token():
    """Asks for a new token now. True or False. Nobody has to call it: the gateway renews the token by itself."""
    status, answer = _call("POST", "/v1/token/refresh", {})
    if status != 200:
        logger.error("The Eskiz token was not renewed: %s", _reason(status, answer))
        return False
    logger.info("The Eskiz token is renewed: %s, expires %s", answer.get("preview"), answer.get("expires_at"))
    return True


def eskiz_token():
    """What the gateway says about the token (never the token); None if it cannot be asked."""
    status, answer = _call("GET", "/v1/token")
    if status != 200:
        logger.error("The Eskiz token is not known: %s", _reason(status, answer))
        return None
    return answer


def _call(method, path, body=None, headers=None):
    """(status, document); status 0 where there was no answer."""
    request = urllib.request.Request(
        settings.ESKIZ_GATEWAY_URL.rstrip("/") + path,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {_key()}", "Content-Type": "application/json", **(headers or {})},
    )
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, _document(error)
    except (socket.timeout, TimeoutError):
        return 0, {"detail": f"the gateway did not answer within {TIMEOUT_SECONDS} s"}
    except urllib.error.URLError as error:
        return 0, {"detail": f"no gateway at {settings.ESKIZ_GATEWAY_URL}: {error.reason}"}
    except (OSError, ValueError) as error:
        return 0, {"detail": f"the gateway's answer was not complete: {error}"}


def _document(error):
    try:
        return json.load(error)
    except ValueError:
        return {"detail": error.reason}


def _key():
    if settings.ESKIZ_GATEWAY_KEY:
        return settings.ESKIZ_GATEWAY_KEY
    try:
        with open(settings.ESKIZ_GATEWAY_KEY_FILE, encoding="ascii") as file:
            return file.read().strip()
    except OSError as error:
        logger.error("No API key: set ESKIZ_GATEWAY_KEY, or let this user read the gateway's key file (%s)", error)
        return ""


def _reason(status, answer):
    answer = answer if isinstance(answer, dict) else {}
    detail = answer.get("detail") or answer.get("message") or answer.get("status_detail") or "no reason given"
    code = answer.get("code")
    return f"{detail} ({code or status or 'no answer'})"


def _masked(phone):
    digits = "".join(filter(str.isdigit, str(phone)))
    return f"+{digits[:5]}***{digits[-2:]}" if len(digits) > 7 else "***"
