"""The part of HTTP/1.1 that SageMaker and curl speak, read strictly (RFC 9112): what is ambiguous is refused.

asyncio and not a library: the program then needs nothing that a training image lacks, and every wait has a deadline,
which the servers at hand do not offer for headers and bodies that trickle in.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from breeds.serve.answers import Response
from breeds.serve.problem import Problem

HEAD_BYTES = 16 * 1024
HEADERS = 64
REQUEST_LINE = re.compile(r"([A-Z]{1,16}) (/[\x21-\x7e]{0,2047}) HTTP/1\.([01])")
HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[\t\x20-\x7e]*)?\r\n")
PIECE = 64 * 1024


@dataclass(frozen=True)
class Head:
    """A request without its body; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    # Length of the body; None: it comes in chunks.
    length: int | None
    keep_alive: bool


async def read_head(reader: asyncio.StreamReader, first: bytes) -> Head:
    """A request whose first byte was read already. Raises Problem."""
    try:
        block = first + await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        raise Problem("malformed-request", "The connection ended within the headers.") from error
    except asyncio.LimitOverrunError as error:
        raise Problem("headers-too-large", f"The headers have more than {HEAD_BYTES} bytes.") from error
    return parse_head(block)


def parse_head(block: bytes) -> Head:
    """Request line and headers, up to and with the empty line. Raises Problem."""
    first, *lines = block[:-4].decode("latin-1").split("\r\n")
    line = REQUEST_LINE.fullmatch(first)
    if line is None:
        raise Problem("malformed-request", "The request line is not one of HTTP/1.1.")
    if len(lines) > HEADERS:
        raise Problem("headers-too-large", f"The request has more than {HEADERS} headers.")
    headers: dict[str, str] = {}
    for text in lines:
        found = HEADER.fullmatch(text)
        if found is None:
            raise Problem("malformed-request", "A header cannot be read.")
        name, value = found[1].lower(), found[2].strip(" \t")
        # Two lengths, or two kinds of length, are how a request hides another one from a proxy.
        if name in headers and name in ("content-length", "transfer-encoding", "content-type", "host"):
            raise Problem("malformed-request", f"The header {name} comes twice.")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    method, target, minor = line.groups()
    path, _, query = target.partition("?")
    persistent = minor == "1" and "close" not in headers.get("connection", "").lower()
    return Head(method, path, query, headers, _length(headers, minor), persistent)


def _length(headers: Mapping[str, str], minor: str) -> int | None:
    encoding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if encoding is None:
        if length is None:
            return 0
        if not re.fullmatch(r"[0-9]{1,12}", length):
            raise Problem("malformed-request", "The content length is not a number.")
        return int(length)
    if length is not None or minor == "0":
        raise Problem("malformed-request", "A body has either a length or chunks of HTTP/1.1.")
    if encoding.lower() != "chunked":
        raise Problem("not-implemented", "The only transfer encoding is chunked.")
    return None


async def read_body(reader: asyncio.StreamReader, head: Head, limit: int) -> bytes | None:
    """The whole body; None, with the rest unread, as soon as it is known to be longer than `limit` bytes."""
    if head.length is not None and head.length > limit:
        return None
    body = bytearray()
    try:
        if head.length is not None:
            await _append(reader, body, head.length)
            return bytes(body)
        while (size := _chunk_size(await reader.readuntil(b"\r\n"))) > 0:
            if len(body) + size > limit:
                return None
            await _append(reader, body, size)
            if await reader.readexactly(2) != b"\r\n":
                raise Problem("malformed-request", "A chunk is longer than it says.")
        # Trailers change nothing here, but belong to the request.
        for _ in range(HEADERS):
            if await reader.readuntil(b"\r\n") == b"\r\n":
                return bytes(body)
        raise Problem("headers-too-large", f"The request has more than {HEADERS} trailers.")
    except asyncio.IncompleteReadError as error:
        raise Problem("malformed-request", "The connection ended within the body.") from error
    except asyncio.LimitOverrunError as error:
        raise Problem("malformed-request", "The size of a chunk cannot be read.") from error


def _chunk_size(line: bytes) -> int:
    found = CHUNK_SIZE.fullmatch(line)
    if found is None:
        raise Problem("malformed-request", "The size of a chunk cannot be read.")
    return int(found[1], 16)


async def _append(reader: asyncio.StreamReader, body: bytearray, size: int) -> None:
    # In pieces: the stream's own buffer stays small, whatever length the request tells.
    while size > 0:
        piece = await reader.read(min(size, PIECE))
        if piece == b"":
            raise asyncio.IncompleteReadError(b"", size)
        body += piece
        size -= len(piece)


def encode_response(response: Response, keep_alive: bool, with_body: bool = True) -> bytes:
    """The response as HTTP/1.1."""
    phrase = HTTPStatus(response.status).phrase
    headers = {
        **({"Content-Type": response.content_type} if response.content_type else {}),
        "Content-Length": str(len(response.body)),
        **response.headers,
        **({} if keep_alive else {"Connection": "close"}),
    }
    lines = [f"HTTP/1.1 {response.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (response.body if with_body else b"")
