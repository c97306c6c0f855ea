"""What most applications do: requests.post per message, a new connection each time."""

import load
import requests

address, messages, concurrency = load.arguments()
login = requests.post(f"{address}/api/auth/login", data={"email": "bench@example.test", "password": "bench-key"})
headers = {"Authorization": "Bearer " + login.json()["data"]["token"]}


def send():
    answer = requests.post(
        f"{address}/api/message/sms/send",
        data={"mobile_phone": load.PHONE, "message": load.TEXT, "from": "4546"},
        headers=headers,
        timeout=30,
    )
    answer.raise_for_status()
    assert answer.json()["status"] == "waiting"


load.with_threads(send, messages, concurrency)
