"""Enqueues so many jobs with a message's fields through 64 tasks, and lets one worker finish them: seconds for each, as JSON.

    rival_pgqueuer.py URL COUNT

A job does nothing: what is measured is the queue.
"""

import asyncio
import json
import sys
import time

import asyncpg
from pgqueuer import AsyncpgPoolDriver, PgQueuer, Queries
from pgqueuer.types import QueueExecutionMode


async def main(url, count):
    async with asyncpg.create_pool(url, min_size=16, max_size=16) as pool:
        driver = AsyncpgPoolDriver(pool)
        queries = Queries(driver)
        await queries.install()
        numbers = iter(range(count))

        async def application():
            for number in numbers:
                message = {"phone": f"99890{number:07d}", "text": "Kodingiz: 482915", "lane": "otp"}
                await queries.enqueue("send", json.dumps(message).encode())

        begun = time.monotonic()
        await asyncio.gather(*(application() for _ in range(64)))
        deferred = time.monotonic() - begun
        queue = PgQueuer(driver)

        @queue.entrypoint("send")
        async def send(job):
            json.loads(job.payload)

        begun = time.monotonic()
        await queue.run(batch_size=64, mode=QueueExecutionMode.drain)
        finished = time.monotonic() - begun
    print(json.dumps({"deferred_per_second": count / deferred, "finished_per_second": count / finished}))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
