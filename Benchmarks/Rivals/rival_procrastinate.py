"""Defers so many jobs with a message's fields through 64 tasks, and lets one worker finish them: seconds for each, as JSON.

    rival_procrastinate.py URL COUNT

A job does nothing: what is measured is the queue.
"""

import asyncio
import json
import sys
import time

import procrastinate


async def main(url, count):
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, max_size=16))
    left = count
    done = asyncio.Event()

    @app.task(name="send")
    async def send(phone, text, lane):
        nonlocal left
        left -= 1
        if left == 0:
            done.set()

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        numbers = iter(range(count))

        async def application():
            for number in numbers:
                await send.defer_async(phone=f"99890{number:07d}", text="Kodingiz: 482915", lane="otp")

        begun = time.monotonic()
        await asyncio.gather(*(application() for _ in range(64)))
        deferred = time.monotonic() - begun
        begun = time.monotonic()
        worker = asyncio.create_task(app.run_worker_async(concurrency=64, install_signal_handlers=False))
        await done.wait()
        finished = time.monotonic() - begun
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
    print(json.dumps({"deferred_per_second": count / deferred, "finished_per_second": count / finished}))


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
