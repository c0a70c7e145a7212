"""How requests are read from a connection: whole, strictly, and within limits."""

from __future__ import annotations

import asyncio
import os
import random

import pytest

from breeds.serve.answers import Response
from breeds.serve.http import HEAD_BYTES, Head, encode_response, parse_head, read_body, read_head
from breeds.serve.problem import Problem

SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(2**32)))
POST = b"POST /invocations HTTP/1.1\r\n"


def read(content: bytes, limit: int = 1000) -> tuple[Head, bytes | None, bytes]:
    """Head, body, and what is left for the next request."""

    async def reading() -> tuple[Head, bytes | None, bytes]:
        reader = asyncio.StreamReader(limit=HEAD_BYTES)
        reader.feed_data(content)
        reader.feed_eof()
        head = await read_head(reader, await reader.read(1))
        return head, await read_body(reader, head, limit), await reader.read()

    return asyncio.run(reading())


def refusal(content: bytes) -> Problem:
    with pytest.raises(Problem) as problem:
        read(content)
    return problem.value


def test_a_request_is_read_up_to_its_end() -> None:
    headers = b"Host: a\r\nContent-Type:image/jpeg \r\nX: 1\r\nx: 2\r\nContent-Length: 3\r\n\r\n"

    head, body, rest = read(b"POST /invocations?top=3 HTTP/1.1\r\n" + headers + b"abcNEXT")

    assert (head.method, head.path, head.query, head.keep_alive) == ("POST", "/invocations", "top=3", True)
    assert head.headers == {"host": "a", "content-type": "image/jpeg", "x": "1, 2", "content-length": "3"}
    assert (body, rest) == (b"abc", b"NEXT")


def test_chunks_are_put_together_and_trailers_read() -> None:
    chunks = b'3\r\nabc\r\n00A;name="value"\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nNEXT'

    _, body, rest = read(POST + b"Transfer-Encoding: Chunked\r\n\r\n" + chunks)

    assert (body, rest) == (b"abc0123456789", b"NEXT")


@pytest.mark.parametrize(
    ("version", "connection", "keep_alive"),
    [(b"1.1", b"", True), (b"1.1", b"Connection: Close\r\n", False), (b"1.0", b"Connection: keep-alive\r\n", False)],
)
def test_a_connection_is_kept_where_the_client_wants_it(version: bytes, connection: bytes, keep_alive: bool) -> None:
    assert parse_head(b"GET /ping HTTP/" + version + b"\r\n" + connection + b"\r\n").keep_alive is keep_alive


@pytest.mark.parametrize("size", [b"Content-Length: 1001\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n3E9\r\n"])
def test_a_body_that_is_too_long_is_not_read(size: bytes) -> None:
    _, body, rest = read(POST + size + b"x" * 1001)

    assert body is None
    assert rest == b"x" * 1001


def test_the_sum_of_the_chunks_is_what_is_limited() -> None:
    chunk = b"190\r\n" + bytes(400) + b"\r\n"

    assert read(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2 + b"0\r\n\r\n")[1] == bytes(800)
    assert read(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 3 + b"0\r\n\r\n")[1] is None


@pytest.mark.parametrize(
    "content",
    [
        # Two ways to tell where the body ends: a proxy and a server that disagree see different requests.
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        POST + b"Content-Length: 3, 3\r\n\r\nabc",
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: +3\r\n\r\nabc",
        POST + b"Content-Length: -3\r\n\r\nabc",
        POST + b"Content-Length: 0x3\r\n\r\nabc",
        POST + b"Content-Length: 3_0\r\n\r\nabc",
        POST + b"Content-Length: \xb2\r\n\r\nabc",
        POST + b"Content-Length:\r\n\r\n",
        POST + b"Content-Length: 9999999999999999999\r\n\r\n",
        POST + b"Content-Length : 3\r\n\r\nabc",
        POST + b"A: b\r\n c\r\n\r\n",
        POST + b"A: b\nTransfer-Encoding: chunked\r\n\r\n",
        POST + b"A: b\rC: d\r\n\r\n",
        POST + b"A: \0\r\n\r\n",
        POST + b"no header\r\n\r\n",
        POST + b": nameless\r\n\r\n",
        b"POST /invocations HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /invocations HTTP/2.0\r\n\r\n",
        b"POST /invocations\r\n\r\n",
        b"POST http://elsewhere/ HTTP/1.1\r\n\r\n",
        b"POST  /invocations HTTP/1.1\r\n\r\n",
        b"post /invocations HTTP/1.1\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        # Ends before it is whole.
        b"P",
        POST + b"Content-Length: 3\r\n\r\nab",
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nab",
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        # Chunks whose size is not what follows.
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcXX0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 40_000,
    ],
)
def test_what_is_ambiguous_or_incomplete_is_malformed(content: bytes) -> None:
    assert refusal(content).code == "malformed-request"


@pytest.mark.parametrize(
    "content",
    [
        POST + b"A: " + b"b" * HEAD_BYTES + b"\r\n\r\n",
        b"A" * (2 * HEAD_BYTES),
        POST + b"".join(b"A%d: b\r\n" % number for number in range(65)) + b"\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 65 + b"\r\n",
    ],
)
def test_too_many_or_too_long_headers_are_refused(content: bytes) -> None:
    problem = refusal(content)

    assert (problem.code, problem.status) == ("headers-too-large", 431)


def test_another_encoding_is_not_implemented() -> None:
    assert refusal(POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n").status == 501


def test_any_change_of_a_request_is_read_or_refused() -> None:
    rng = random.Random(SEED)
    samples = [
        POST + b"Content-Type: image/jpeg\r\nContent-Length: 5\r\n\r\nabcde",
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
    ]
    marks = [b"\r\n", b"\r", b"\n", b":", b" ", b"\0", b"\xff", b"0", b"9", b"chunked", b"Content-Length: 1\r\n"]
    outcomes = {"read": 0, "refused": 0}
    for number in range(2000):
        content = bytearray(rng.choice(samples))
        for _ in range(rng.randint(0, 3)):
            at = rng.randrange(len(content) + 1)
            content[at : at + rng.randrange(3)] = rng.choice(marks)
        try:
            _, body, _ = read(bytes(content))
        except Problem:
            outcomes["refused"] += 1
        except Exception as error:
            raise AssertionError(f"FUZZ_SEED={SEED}, request {number}: {bytes(content)!r}: {error!r}") from error
        else:
            outcomes["read"] += 1
            assert body is None or len(body) <= 1000, f"FUZZ_SEED={SEED}"
    assert min(outcomes.values()) > 200, outcomes


def test_a_response_is_written_with_its_length() -> None:
    response = Response(200, "application/json", b"[[1.0]]", {"X-A": "b"})

    kept = encode_response(response, keep_alive=True)
    closed = encode_response(response, keep_alive=False, with_body=False)

    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\nX-A: b\r\n"
    assert kept == head + b"\r\n[[1.0]]"
    assert closed == head + b"Connection: close\r\n\r\n"
