"""A model of a few thousand bytes, its zip, and what a server may answer when asked for it."""

from __future__ import annotations

import hashlib
import io
import struct
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from voice.ear.graphfile import FST_MAGIC, SYMBOLS_MAGIC
from voice.ear.manifest import ModelEntry

NAME = "tiny-model"


def _text(value: str) -> bytes:
    return struct.pack("<i", len(value)) + value.encode()


def graph(words: tuple[str, ...] = ("stop", "go")) -> bytes:
    """An OpenFst graph without states that knows `words`."""
    header = struct.pack("<i", FST_MAGIC) + _text("const") + _text("standard")
    header += struct.pack("<iiQqqq", 2, 2, 0, -1, 0, 0)
    table = struct.pack("<i", SYMBOLS_MAGIC) + _text("words") + struct.pack("<qq", len(words), len(words))
    return header + table + b"".join(_text(word) + struct.pack("<q", key) for key, word in enumerate(words))


FILES = {
    "am/final.mdl": b"\0B" + bytes(4000),
    "conf/mfcc.conf": b"--num-ceps=40\n",
    "conf/model.conf": b"--beam=11.0\n",
    "graph/Gr.fst": graph(),
    "graph/HCLr.fst": graph(),
    "README": b"A model.\n",
}


def zipped(files: dict[str, bytes], folder: str = NAME + "/") -> bytes:
    """A zip of `files` within `folder`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(folder + name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def entry_for(content: bytes, address: str = "https://example.org/tiny.zip") -> ModelEntry:
    digest = hashlib.sha256(content).hexdigest()
    return ModelEntry(NAME, "en", "1", address, len(content), digest, "Apache-2.0")


@dataclass
class Server:
    """Serves `content` at any path; /cut, /short, /long, /tampered, /stuck, /missing go wrong as they say."""

    content: bytes
    address: str = ""
    half_sent: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def bodies(self, path: str) -> tuple[int, bytes]:
        """The length announced and the bytes sent."""
        size, half = len(self.content), len(self.content) // 2
        behaviours: dict[str, Callable[[], tuple[int, bytes]]] = {
            "/cut": lambda: (size, self.content[:half]),
            "/short": lambda: (half, self.content[:half]),
            "/long": lambda: (size * 1000, self.content * 1000),
            "/tampered": lambda: (size, self.content[:half] + b"!" + self.content[half + 1 :]),
        }
        return behaviours.get(path, lambda: (size, self.content))()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        if request.path == "/missing":
            request.send_error(404)
            return
        length, body = self.bodies(request.path)
        request.send_response(200)
        request.send_header("Content-Length", str(length))
        request.end_headers()
        if request.path == "/stuck":
            request.wfile.write(body[: len(body) // 2])
            request.wfile.flush()
            self.half_sent.set()
            self.let_go.wait(60)
            return
        request.wfile.write(body)
