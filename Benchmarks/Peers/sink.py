"""Where the messages of the peers arrive: takes them by HTTP and by SMPP, and counts how often each phone was sent to.

    python3 sink.py HTTP_PORT SMPP_PORT MILLISECONDS

Each message is answered after so many milliseconds. `GET /arrived` answers a JSON object of phones and counts.
"""

import asyncio
import collections
import json
import re
import struct
import sys

# SMPP 3.4: the commands that a client sends, and the bit that makes a command its answer.
BINDS, SUBMIT, UNBIND, ENQUIRE, ANSWER = (0x1, 0x2, 0x9), 0x4, 0x6, 0x15, 0x8000_0000


class Sink:
    """Counts what arrives."""

    def __init__(self, delay):
        self.delay = delay
        self.arrived = collections.Counter()
        self.answering = set()

    async def http(self, reader, writer):
        """One request after another on a connection that stays open."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"content-length: *(\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(length[1]) if length else 0)
                if head.startswith("GET /arrived"):
                    content = json.dumps(self.arrived).encode()
                else:
                    self.arrived[re.search(rb"998\d{9}", body)[0].decode()] += 1
                    await asyncio.sleep(self.delay)
                    content = b'{"id":"1","status":"waiting"}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content))
                writer.write(content)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def smpp(self, reader, writer):
        """A client binds and submits; several of its messages may wait for their answers at the same time."""
        try:
            while True:
                length, command, _, sequence = struct.unpack(">IIII", await reader.readexactly(16))
                body = await reader.readexactly(length - 16)
                if command == SUBMIT:
                    self.arrived[destination(body)] += 1
                    task = asyncio.create_task(self.answer(writer, command, sequence, b"%d\0" % sequence, self.delay))
                    self.answering.add(task)
                    task.add_done_callback(self.answering.discard)
                elif command in BINDS:
                    await self.answer(writer, command, sequence, b"sink\0")
                elif command in (ENQUIRE, UNBIND):
                    await self.answer(writer, command, sequence, b"")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, writer, command, sequence, body, delay=0):
        if delay:
            await asyncio.sleep(delay)
        if not writer.is_closing():
            writer.write(struct.pack(">IIII", 16 + len(body), command | ANSWER, 0, sequence) + body)


def destination(body):
    """The phone that a submit_sm is for: a string, two bytes, a string (the sender), two bytes, a string."""
    _, rest = body.split(b"\0", 1)
    _, rest = rest[2:].split(b"\0", 1)
    return rest[2:].split(b"\0", 1)[0].decode().lstrip("+")


async def main(http_port, smpp_port, milliseconds):
    sink = Sink(milliseconds / 1000)
    servers = [
        await asyncio.start_server(sink.http, "127.0.0.1", http_port),
        await asyncio.start_server(sink.smpp, "127.0.0.1", smpp_port),
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
