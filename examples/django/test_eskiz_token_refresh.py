"""Tries the whole way: gateway, token, renewal, and with a number one real message.

    python test_eskiz_token_refresh.py [+998901234567]
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings.base")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402

from apps.users.utils import eskiz_token, refresh_eskiz_token, send_sms_via_eskiz  # noqa: E402


def step(name, passed, remedy):
    print(f"{'✓' if passed else '✗'} {name}")
    if not passed:
        print(f"  → {remedy}")
    return passed


def main():
    print(f"Gateway: {settings.ESKIZ_GATEWAY_URL}")
    token = eskiz_token()
    passed = step(
        "the gateway answers",
        token is not None,
        "The reason is in the line above. Start it (eskiz serve), set ESKIZ_GATEWAY_URL and ESKIZ_GATEWAY_KEY, and let the "
        "key have the scope admin (eskiz keys add django --scope admin).",
    )
    if passed:
        print(f"  the token is {token.get('state')}: {token.get('preview')}, expires {token.get('expires_at')}")
        passed = step(
            "the token can be renewed",
            refresh_eskiz_token(),
            "The reason is in the line above; `eskiz self-test` finds out what is wrong.",
        )
    if passed and len(sys.argv) > 1:
        passed = step("a code is sent", send_sms_via_eskiz(sys.argv[1], "123456"), "The reason is in the line above.")
    print("Everything works." if passed else "Something does not work.")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
