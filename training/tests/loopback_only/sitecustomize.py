"""Refuses every connection that leaves this machine. Python imports it by itself from PYTHONPATH, so that
processes started by a test are held to it too. PyTorch's own C++ sockets are out of its reach."""

from __future__ import annotations

import socket
from typing import Any

_connect = socket.socket.connect


def _connect_to_loopback(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise PermissionError(f"tests have no network, but something connects to {address}")
    _connect(self, address)


socket.socket.connect = _connect_to_loopback  # type: ignore[method-assign, assignment]
