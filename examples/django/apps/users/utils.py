"""SMS for the users app: the same two functions as ever, now through the gateway (`eskiz serve`).

The gateway holds the account's token, renews it when it dies, keeps each message on disk until it is sent, sends it
once, and follows it to the phone. Here is only what an application needs: standard library, no token, no login.

    from apps.users.utils import send_sms_via_eskiz, refresh_eskiz_token

    send_sms_via_eskiz("+998901234567", "123456")     # True or False

Or leave making and checking the code to the gateway as well (a key of the scope `verify`):

    from apps.users.utils import send_code, check_code

    send_code("+998901234567")                        # True or False
    check_code("+998901234567", "123456")             # True once, with the code that was sent
"""

import http.client
import json
import logging
import socket
import time
import urllib.error
import urllib.request
import uuid

from django.conf import settings

logger = logging.getLogger(__name__)

# How long one request, and a whole send, may take; and how long the gateway waits for Eskiz before it answers.
TIMEOUT_SECONDS = 30
WAIT_SECONDS = 10

# The gateway is on this machine or in this network: never through a proxy.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# Eskiz has it; nobody has it any more. In every other state it is on its way.
_TAKEN = {"submitted", "delivered"}
_LOST = {"failed", "expired", "cancelled", "undelivered"}


def send_sms_via_eskiz(phone, code):
    """Sends a one-time code. True if Eskiz has it; False if not, and the log says why.

    What Eskiz cannot be given in time is taken back, so that no code comes when nobody waits for it any more. The one
    exception stands in the log as a warning: a connection that broke when the code was with Eskiz already, perhaps.
    """
    deadline = time.monotonic() + TIMEOUT_SECONDS
    text = settings.ESKIZ_CODE_TEMPLATE.replace("{code}", str(code))
    order = {"to": str(phone), "text": text, "lane": "otp"}
    # The same key for both tries: the second cannot send the code again.
    headers = {"Prefer": f"wait={WAIT_SECONDS}", "Idempotency-Key": str(uuid.uuid4())}
    status, message = _call("POST", "/v1/messages", order, headers)
    if message.get("code") == "connection_broken":
        logger.warning("SMS to %s: %s; asking once more", _masked(phone), _reason(status, message))
        status, message = _call("POST", "/v1/messages", order, headers)
    if status not in (200, 202) or "id" not in message:
        logger.error("SMS to %s was not accepted: %s", _masked(phone), _reason(status, message))
        return False
    message = _settled(message, deadline)
    state, known = message.get("status"), f"message {message.get('id')} is {message.get('status')}"
    if state in _TAKEN:
        logger.info("SMS to %s: %s", _masked(phone), known)
        return True
    error = message.get("error") or {}
    reason = _reason(error.get("http_status"), error or message)
    if state in _LOST:
        logger.error("SMS to %s was not sent: %s, %s", _masked(phone), known, reason)
    else:
        logger.warning("SMS to %s may still arrive: %s, %s", _masked(phone), known, reason)
    return False


def send_code(phone, purpose=None, client_ip=None):
    """Has the gateway make a code and send it. True if one is on its way; False if not, and the log says why.

    Asked for again before the code was entered, it sends the same one again, once its time has come.
    """
    order = {"to": str(phone), "purpose": purpose, "client_ip": client_ip}
    order = {name: value for name, value in order.items() if value is not None}
    status, answer = _call("POST", "/v1/verifications", order)
    if status not in (200, 201) or "id" not in answer:
        logger.error("No code was sent to %s: %s", _masked(phone), _reason(status, answer))
        return False
    logger.info("A code is on its way to %s: verification %s", _masked(phone), answer["id"])
    return True


def check_code(phone, code, purpose=None):
    """True if this is the code that was sent, once. False for a wrong, old or used one."""
    order = {"to": str(phone), "code": str(code).strip()}
    if purpose is not None:
        order["purpose"] = purpose
    status, answer = _call("POST", "/v1/verifications/check", order)
    if status != 200 or "valid" not in answer:
        logger.error("A code for %s was not checked: %s", _masked(phone), _reason(status, answer))
        return False
    logger.info("A code for %s was checked: %s", _masked(phone), answer.get("status"))
    return answer["valid"] is True


def refresh_eskiz_token():
    """Asks for a new token now. True or False. Nobody has to call it: the gateway renews the token by itself."""
    status, token = _call("POST", "/v1/token/refresh", {})
    if status != 200 or "state" not in token:
        logger.error("The Eskiz token was not renewed: %s", _reason(status, token))
        return False
    logger.info("The Eskiz token is renewed: %s, expires %s", token.get("preview"), token.get("expires_at"))
    return True


def eskiz_token():
    """What the gateway says about the token (never the token); None if it does not say."""
    status, token = _call("GET", "/v1/token")
    if status != 200 or "state" not in token:
        logger.error("The Eskiz token is not known: %s", _reason(status, token))
        return None
    if token.get("state") not in ("valid", "due"):
        logger.warning("The Eskiz token is %s", token.get("state"))
    return token


def _settled(message, deadline):
    """The message once it is with Eskiz or lost; what only waits at the end of our patience is taken back."""
    path = f"/v1/messages/{message.get('id')}"
    while message.get("status") in ("sending", "unknown") and time.monotonic() < deadline:
        time.sleep(0.5)
        status, answer = _call("GET", path)
        message = answer if status == 200 else message
    if message.get("status") in ("queued", "scheduled"):
        status, answer = _call("POST", path + "/cancel", {})
        # 409: it has left meanwhile.
        if status == 409:
            status, answer = _call("GET", path)
        message = answer if status == 200 else message
    return message


def _call(method, path, body=None, headers=None):
    """(status, document); status 0 where there was no answer, and the document says why."""
    try:
        request = urllib.request.Request(
            settings.ESKIZ_GATEWAY_URL.rstrip("/") + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Bearer {_key()}", "Content-Type": "application/json", **(headers or {})},
        )
        try:
            with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _answer(answer.status, answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return _answer(answer.code, answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return 0, _no_answer(error)


def _answer(status, body):
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if isinstance(document, dict):
        return status, document
    # A page of something else: of a proxy, or of another server.
    detail = f"{settings.ESKIZ_GATEWAY_URL} does not answer as the gateway does"
    return status if status >= 400 else 0, {"detail": detail, "code": "not_the_gateway"}


def _no_answer(error):
    """Why there was no answer. Not in the error's own words: they may hold the key."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    gateway = settings.ESKIZ_GATEWAY_URL
    if isinstance(cause, TimeoutError):
        return {"detail": f"{gateway} did not answer within {TIMEOUT_SECONDS} s", "code": "timed_out"}
    if isinstance(cause, socket.gaierror):
        return {"detail": f"DNS does not know the host of {gateway}", "code": "name_resolution"}
    if isinstance(cause, ConnectionRefusedError):
        return {"detail": f"no gateway at {gateway}; start it: eskiz serve", "code": "connection_refused"}
    if isinstance(cause, (ConnectionError, http.client.IncompleteRead)):
        return {"detail": f"the connection to {gateway} broke", "code": "connection_broken"}
    if isinstance(cause, OSError):
        return {"detail": f"no way to {gateway}: {cause.strerror or type(cause).__name__}", "code": "connection_failed"}
    return {"detail": "ESKIZ_GATEWAY_URL or ESKIZ_GATEWAY_KEY is wrong, or no gateway is there", "code": "settings"}


def _key():
    if settings.ESKIZ_GATEWAY_KEY:
        return settings.ESKIZ_GATEWAY_KEY.strip()
    try:
        with open(settings.ESKIZ_GATEWAY_KEY_FILE, encoding="ascii") as file:
            return file.read().strip()
    except OSError as error:
        logger.error("No API key: set ESKIZ_GATEWAY_KEY, or let this user read the gateway's key file (%s)", error)
        return ""


def _reason(status, answer):
    """What happened, in words, and in brackets what it is called: HTTP's status and the gateway's or Eskiz's code."""
    detail = answer.get("detail") or answer.get("message") or answer.get("status_detail") or "no reason given"
    names = [f"HTTP {status}" if status else "", answer.get("code") or ""]
    return f"{detail} ({' '.join(filter(None, names)) or 'no answer'})"


def _masked(phone):
    digits = "".join(filter(str.isdigit, str(phone)))
    return f"+{digits[:5]}***{digits[-2:]}" if len(digits) > 7 else "***"
