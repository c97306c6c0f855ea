"""eskiz-pkg, its asynchronous client, with many tasks."""

import asyncio

import load
from eskiz.client.async_client import AsyncClient

address, messages, concurrency = load.arguments()


async def main():
    client = AsyncClient(email="bench@example.test", password="bench-key", network=address)
    await client.initialize()

    async def send():
        answer = await client.send_sms(phone_number=int(load.PHONE), message=load.TEXT)
        assert answer.status == "waiting"

    await load.with_tasks(send, messages, concurrency)
    await client.close()


asyncio.run(main())
