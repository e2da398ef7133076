"""WebSocket messages with nothing but the standard library. Any WebSocket library does the same and more."""

import base64
import json
import os
import socket
import struct
from urllib.parse import urlsplit


def messages(url):
    """Connects to ws://host:port/path and yields each message as JSON. Pings are answered."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=30)
    reader = connection.makefile("rb")
    path = parts.path + ("?" + parts.query if parts.query else "")
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    status = reader.readline().split(b" ", 1)[1].strip().decode()
    while reader.readline().strip():
        pass
    if not status.startswith("101"):
        raise ConnectionError(status)
    while True:
        first, length = reader.read(2)
        if length == 126:
            (length,) = struct.unpack(">H", reader.read(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", reader.read(8))
        payload = reader.read(length)
        kind = first & 15
        if kind == 1:
            yield json.loads(payload)
        elif kind == 9:
            mask = os.urandom(4)
            masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
            connection.sendall(bytes([0x8A, 0x80 | len(payload)]) + mask + masked)
        elif kind == 8:
            connection.close()
            return
