"""SMS in the transaction that it belongs to: sent if and only if the transaction commits.

    with transaction.atomic():
        order = Order.objects.create(phone=phone)
        order.sms = send("+998901234567", f"Buyurtma {order.id} qabul qilindi", reference=f"order {order.id}")
        order.save()
"""

from django.db import connection, transaction


def send(phone, body, *, lane="transactional", **options):
    """Leaves a message in the outbox and returns its number; what is wrong with it is a DataError or InternalError now.

    Options are those of eskiz.send: sender, expires_in, send_at, reference, webhook_url, purpose, idempotency_key.
    """
    names = ["phone", "body", "lane", *options]
    arguments = ", ".join(f"{name} => %s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT eskiz.send({arguments})", [phone, body, lane, *options.values()])
        (number,) = cursor.fetchone()
    # After the commit, and only then: inside, it would make all commits wait for each other.
    transaction.on_commit(poke)
    return number


def send_code(phone, code):
    """A one-time code: overtakes everything else, and is worth nothing after two minutes."""
    return send(phone, f"Sizning tasdiqlash kodingiz: {code}", lane="otp", expires_in="2 minutes")


def poke():
    """Wakes the gateway at once; without it, it looks by itself every 75 ms."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT eskiz.poke()")


def status(number):
    """How a message of our own is: waiting, queued, submitted, delivered, …; None if it is not ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM eskiz.status(%s)", [number])
        row = cursor.fetchone()
    return row and row[0]
