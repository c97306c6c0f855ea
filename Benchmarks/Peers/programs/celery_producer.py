"""Hands messages to Celery from many threads, each with a connection of its own."""

import threading

from celery_tasks import send
from producer import CLIENTS, TEXT, Producer

producer = Producer()
# The time runs once all threads are connected.
connected = threading.Barrier(CLIENTS, action=producer.begin)


def client():
    with send.app.producer_pool.acquire(block=True) as own:
        own.connection.ensure_connection(max_retries=1)
        connected.wait()
        while producer.goes_on():
            phone = producer.phone()
            try:
                send.apply_async((phone, TEXT), producer=own, retry=False)
            except Exception as error:  # Whatever it is: it was not accepted.
                producer.refused(error)
                return
            producer.accepted(phone)


threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
producer.end()
