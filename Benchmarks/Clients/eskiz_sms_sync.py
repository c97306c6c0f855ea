"""eskiz-sms, its blocking client, from many threads."""

import load
from eskiz import EskizSMS

address, messages, concurrency = load.arguments()
client = EskizSMS(email="bench@example.test", password="bench-key", base_url=f"{address}/api")


def send():
    assert client.sms.send(mobile_phone=load.PHONE, message=load.TEXT).status == "waiting"


load.with_threads(send, messages, concurrency)
