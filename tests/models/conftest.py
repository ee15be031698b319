"""A server on this machine that answers well or badly, and a list of models to go with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.models.tiny import FILES, Server, zipped
from voice.ear.manifest import ModelEntry


@pytest.fixture
def content() -> bytes:
    return zipped(FILES)


@pytest.fixture
def server(content: bytes) -> Iterator[Server]:
    served = Server(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                served.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as web:
        served.address = f"http://127.0.0.1:{web.server_address[1]}"
        thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            served.let_go.set()
            web.shutdown()
            thread.join()


@pytest.fixture
def manifest(tmp_path: Path) -> Callable[[ModelEntry], Path]:
    """Writes a list with one model."""

    def write(entry: ModelEntry) -> Path:
        path = tmp_path / "list.toml"
        path.write_text(
            "[[model]]\n"
            + "".join(
                f"{name} = {value if name == 'bytes' else chr(34) + str(value) + chr(34)}\n"
                for name, value in vars(entry).items()
            )
        )
        return path

    return write
