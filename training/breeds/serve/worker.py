"""A process that holds the model and answers one request at a time, as its parent hands them over.

A process of its own: it has its own interpreter lock, a request that takes too long can be ended by ending it, and
whatever an image does to a decoder written in C hits nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from breeds.serve.answers import Response
from breeds.serve.requests import Request


def encode_request(request: Request) -> tuple[bytes, bytes]:
    """Header and body as two messages. JSON and not pickle: what a worker says is data to its parent."""
    fields = {"contentType": request.content_type, "accept": request.accept, "top": request.top}
    return json.dumps(fields).encode(), request.body


def decode_request(head: bytes, body: bytes) -> Request:
    """Inverse of `encode_request`."""
    fields = json.loads(head)
    return Request(body, fields["contentType"], fields["accept"], fields["top"])


def encode_response(response: Response) -> tuple[bytes, bytes]:
    """Header and body as two messages."""
    fields = {"status": response.status, "contentType": response.content_type, "headers": dict(response.headers)}
    return json.dumps(fields).encode(), response.body


def decode_response(head: bytes, body: bytes) -> Response:
    """Inverse of `encode_response`."""
    fields = json.loads(head)
    return Response(fields["status"], fields["contentType"], body, fields["headers"])


def work(connection: Connection, folder: Path, threads: int, environment: Mapping[str, str]) -> int:
    """Says `{}` when warm, or what is wrong with the artifact; then answers until the parent closes the connection."""
    # Imported here, so that the parent, which imports this module, does not need torch.
    import torch

    from breeds.archive import ArtifactError
    from breeds.serve.core import load_service

    torch.set_num_threads(threads)
    try:
        service = load_service(folder, environment)
    except ArtifactError as error:
        connection.send_bytes(json.dumps({"error": str(error)}).encode())
        return 1
    connection.send_bytes(b"{}")
    while True:
        try:
            request = decode_request(connection.recv_bytes(), connection.recv_bytes())
        except EOFError:
            return 0
        for message in encode_response(service.respond(request)):
            connection.send_bytes(message)


def main(argv: Sequence[str]) -> int:
    """`python -m breeds.serve.worker <file descriptor> <folder> <threads>`, started by the pool."""
    # Ctrl-C reaches the whole group; the parent decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=logging.INFO)
    descriptor, folder, threads = argv
    return work(Connection(int(descriptor)), Path(folder), int(threads), os.environ)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
