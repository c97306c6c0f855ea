"""An Eskiz that takes every message, and remembers when its first byte came. Used by fleet.py."""

import asyncio
import re
import threading
import time

# {"exp":4102444800,"iat":1767225600,"role":"user","sub":"example"}, signed by nobody.
TOKEN = (
    "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDAsImlhdCI6MTc2NzIyNTYwMCwicm9sZSI6InVzZXIiLCJzdWIiOiJleGFtcGxlIn0.aaaa"
)
LENGTH = re.compile(rb"content-length: *(\d+)", re.I)
PHONE = re.compile(rb"(?:mobile_phone=|name=\"mobile_phone\"\r\n\r\n|\"mobile_phone\": *\"?)\+?(\d+)")


class Provider:
    """Answers on a thread of its own; `arrivals` has moments of the monotonic clock by phone."""

    def __init__(self, delay=0):
        self.delay = delay
        self.arrivals = {}
        self.taken = 0

    def __enter__(self):
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()

        def run():
            asyncio.set_event_loop(self.loop)
            server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0, limit=1 << 20))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self.loop.run_forever()
            waiting = asyncio.all_tasks(self.loop)
            for task in waiting:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
            server.close()
            self.loop.close()

        threading.Thread(target=run, daemon=True).start()
        ready.wait()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                now = time.monotonic()
                found = LENGTH.search(head)
                body = await reader.readexactly(int(found[1])) if found else b""
                answer = await self.answer(head.split(b" ", 2)[1], body, now)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        writer.close()

    async def answer(self, path, body, now):
        if path.endswith(b"/auth/login"):
            return b'{"message":"token_generated","data":{"token":"%s"},"token_type":"bearer"}' % TOKEN.encode()
        if path.endswith(b"/message/sms/send"):
            phone = PHONE.search(body)
            if phone:
                self.arrivals.setdefault(phone[1].decode(), now)
            self.taken += 1
            if self.delay:
                await asyncio.sleep(self.delay)
            return b'{"id":"5b1f0c6e-1111-4222-8333-%012d","message":"Waiting for SMS provider","status":"waiting"}' % self.taken
        return b'{"data":[],"status":"success"}'
