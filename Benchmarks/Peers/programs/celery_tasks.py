"""A task that sends a message, as Celery's documentation makes one that must not be lost."""

import os

import requests
from celery import Celery

app = Celery("sms", broker=os.environ["BROKER"])
app.conf.update(
    task_ignore_result=True,
    # Acknowledged once it has run, not when it is fetched; and again when its worker was killed.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    broker_pool_limit=int(os.environ["CLIENTS"]),
    # What a dead worker had fetched is handed out again after this many seconds. An hour, unless told.
    broker_transport_options={"visibility_timeout": 20},
)
session = requests.Session()


@app.task(autoretry_for=(requests.RequestException,), max_retries=None, default_retry_delay=1)
def send(phone, text):
    session.post(os.environ["SINK"], json={"to": phone, "text": text}, timeout=30).raise_for_status()
