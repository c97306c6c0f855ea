"""A task as applications write it: one request to Eskiz for each message."""

import os

import requests
from celery import Celery

app = Celery("sms", broker=os.environ["BROKER"])
app.conf.task_ignore_result = True


@app.task(acks_late=True, max_retries=3)
def send(phone, text, number):
    response = requests.post(
        os.environ["PROVIDER"] + "/message/sms/send",
        headers={"Authorization": "Bearer token"},
        data={"mobile_phone": phone, "message": text, "from": "4546", "user_sms_id": number},
        timeout=30,
    )
    response.raise_for_status()
