"""One-time codes at several gateways: counted as by one. `fleet.py` asks this before anything dies."""

import concurrent.futures
import time
from collections import Counter

PHONE = "998911234567"


def all_at_once(fleet, count, path, body):
    """Answers of as many requests at once, each at another gateway than the one before."""
    def ask(number):
        return fleet.ask(fleet.gateways[number % len(fleet.gateways)], "POST", path, body, timeout=60)

    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        return list(pool.map(ask, range(count)))


def codes(fleet):
    begun = time.monotonic()
    created = Counter(status for status, _ in all_at_once(fleet, 50, "/v1/verifications", {"to": "+" + PHONE}))
    if created != {201: 1, 200: 49}:
        raise SystemExit(f"fifty requests for one phone were answered {created}")
    checks = all_at_once(fleet, 200, "/v1/verifications/check", {"to": "+" + PHONE, "code": "0000"})
    if any(status != 200 or answer["valid"] for status, answer in checks):
        raise SystemExit(f"wrong codes were answered {Counter(str(answer) for answer in checks)}")
    counted = fleet.database.sql(
        "SELECT v.checks, v.checks_answered, (SELECT count(*) FROM eskiz.verification_notes n WHERE n.subject = 'f:' || v.phone), "
        f"(SELECT count(*) FROM eskiz.messages m WHERE m.phone = v.phone) FROM eskiz.verifications v WHERE phone = '{PHONE}'"
    )
    if counted != "5|5|5|1":
        raise SystemExit(f"of two hundred wrong codes were compared, answered and noted, and SMS sent: {counted}")
    decided = decide(fleet)
    print(
        f"codes: 50 requests for one phone sent 1 SMS, of 200 wrong codes 5 were compared; a suppressed phone got nothing anywhere at "
        f"once, a blocked prefix after {decided:.1f} s ({time.monotonic() - begun:.1f} s in all)"
    )


def decide(fleet):
    """What is decided at one gateway holds at the others; seconds until the last one knows of a prefix."""
    entry = {"suppressions": [{"to": "+998911234568", "reason": "asked by phone"}]}
    status, answer = fleet.ask(fleet.gateways[0], "POST", "/v1/suppressions", entry)
    if status != 200:
        raise SystemExit(f"a phone was not suppressed: {status} {answer}")
    for gateway in fleet.gateways:
        status, answer = fleet.ask(gateway, "POST", "/v1/verifications", {"to": "+998911234568"})
        if (status, answer.get("limit")) != (403, "suppressed"):
            raise SystemExit(f"a suppressed phone was answered {status} {answer}")
    # As the page does at some gateway.
    fleet.database.sql("INSERT INTO eskiz.verification_prefixes VALUES ('9989177', 'block', 0, 'desk')")
    begun, known, number = time.monotonic(), 0, 0
    while known < len(fleet.gateways):
        number += 1
        body = {"to": f"+9989177{number % 100:02d}{number:03d}"}
        status, answer = fleet.ask(fleet.gateways[known], "POST", "/v1/verifications", body)
        if (status, answer.get("limit")) == (403, "prefix"):
            known += 1
        elif status != 201:
            raise SystemExit(f"a code was answered {status} {answer}")
        elif time.monotonic() - begun > 2:
            raise SystemExit(f"after two seconds a gateway does not know of a blocked prefix, see {fleet.folder}")
        time.sleep(0.05)
    return time.monotonic() - begun
