"""Calls a function from many threads, or awaits one many times at once, and prints how long it took as one JSON line."""

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PHONE = "998901234567"
TEXT = "Sizning tasdiqlash kodingiz: 123456"


def arguments():
    """The address below which /api lies, how many messages, how many at a time."""
    address, messages, concurrency = sys.argv[1:]
    return address, int(messages), int(concurrency)


def report(messages, started, processor_started):
    seconds, cpu = time.monotonic() - started, time.process_time() - processor_started
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    print(json.dumps({"messages": messages, "seconds": seconds, "cpu_seconds": cpu, "peak_kib": peak}))


def with_threads(send, messages, concurrency):
    def share(count):
        for _ in range(count):
            send()

    def run(pool, count):
        shares = [count // concurrency + (worker < count % concurrency) for worker in range(concurrency)]
        for done in [pool.submit(share, one) for one in shares]:
            done.result()

    with ThreadPoolExecutor(max_workers=concurrency) as pool:
        run(pool, messages // 10)
        started, processor_started = time.monotonic(), time.process_time()
        run(pool, messages)
        report(messages, started, processor_started)


async def with_tasks(send, messages, concurrency):
    async def share(count):
        for _ in range(count):
            await send()

    async def run(count):
        await asyncio.gather(
            *(share(count // concurrency + (worker < count % concurrency)) for worker in range(concurrency))
        )

    await run(messages // 10)
    started, processor_started = time.monotonic(), time.process_time()
    await run(messages)
    report(messages, started, processor_started)
