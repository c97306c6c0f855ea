"""Defers jobs from as many tasks as there are connections to PostgreSQL."""

import asyncio

from procrastinate_tasks import app, send
from producer import CLIENTS, TEXT, Producer

producer = Producer()


async def client():
    while producer.goes_on():
        phone = producer.phone()
        try:
            await send.defer_async(phone=phone, text=TEXT)
        except Exception as error:  # Whatever it is: it was not accepted.
            producer.refused(error)
            return
        producer.accepted(phone)


async def main():
    async with app.open_async():
        # All connections are made before the time runs.
        await asyncio.gather(*(send.defer_async(phone=f"99891{1_000_000 + n}", text=TEXT) for n in range(CLIENTS)))
        producer.begin()
        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        producer.end()


asyncio.run(main())
