"""python manage.py place_order +998901234567 [--fail]: an order with its SMS, or neither."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from shop.models import Order
from shop.sms import send


class Command(BaseCommand):
    help = "Places an order and tells its customer, in one transaction."

    def add_arguments(self, parser):
        parser.add_argument("phone")
        parser.add_argument("--fail", action="store_true", help="Fail after the SMS: nothing is sent.")

    def handle(self, *args, phone, fail, **options):
        try:
            with transaction.atomic():
                order = Order.objects.create(phone=phone)
                order.sms = send(phone, f"Buyurtma {order.id} qabul qilindi", reference=f"order {order.id}")
                order.save()
                if fail:
                    raise CommandError("The payment was refused: no order, and no SMS.")
        except DatabaseError as error:
            # The gateway's own words, from PostgreSQL.
            raise CommandError(str(error).splitlines()[0]) from error
        self.stdout.write(f"order {order.id}, SMS {order.sms}")
