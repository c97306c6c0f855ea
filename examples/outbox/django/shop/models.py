from django.db import models


class Order(models.Model):
    phone = models.CharField(max_length=20)
    # The number that eskiz.send gave, for eskiz.status.
    sms = models.BigIntegerField(null=True)
