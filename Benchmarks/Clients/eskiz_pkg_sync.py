"""eskiz-pkg, its blocking client, from many threads."""

import load
from eskiz.client.sync import ClientSync

address, messages, concurrency = load.arguments()
client = ClientSync(email="bench@example.test", password="bench-key", network=address)


def send():
    assert client.send_sms(phone_number=int(load.PHONE), message=load.TEXT).status == "waiting"


load.with_threads(send, messages, concurrency)
