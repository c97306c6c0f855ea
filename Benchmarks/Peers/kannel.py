"""Kannel: bearerbox, which keeps and sends, and smsbox, which takes messages by HTTP."""

import pathlib
import urllib.parse

from Peers.contender import TEXT, HTTPContender, free_port

PASSWORD = "bench"


class Kannel(HTTPContender):
    name = "Kannel"
    keeps = "`store-type = spool`: a file for each message, not flushed to the disk"
    kills = {"bearerbox, smsbox": ()}

    def prepare(self):
        self.port, self.boxes = free_port(), free_port()
        query = {"username": "bench", "password": PASSWORD, "from": "4546", "text": TEXT}
        self.path = f"/cgi-bin/sendsms?{urllib.parse.urlencode(query)}&to=%2BPHONE"
        (self.folder / "spool").mkdir()
        text = pathlib.Path(__file__).with_name("kannel.conf.in").read_text()
        values = {
            "FOLDER": self.folder, "ADMIN": free_port(), "SMSBOX": self.boxes, "SINK": self.sink_smpp, "PORT": self.port,
            "PASSWORD": PASSWORD,
        }
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "kannel.conf").write_text(text)

    def start(self):
        configuration = str(self.folder / "kannel.conf")
        self.run("bearerbox", ["/usr/sbin/bearerbox", configuration], self.boxes)
        self.run("smsbox", ["/usr/sbin/smsbox", configuration], self.port)
