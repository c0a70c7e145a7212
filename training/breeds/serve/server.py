"""The server: reads requests, hands them to the workers, and lets no client keep it from the others."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from breeds.serve.answers import CUSTOM_ATTRIBUTES, Response, problem_answer
from breeds.serve.http import HEAD_BYTES, Head, encode_response, read_body, read_head
from breeds.serve.pool import Job, Pool
from breeds.serve.problem import MEDIA_TYPE, Problem
from breeds.serve.requests import Request, body_too_large
from breeds.serve.settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")
METHODS = {"/ping": ("GET", "HEAD"), "/invocations": ("POST",)}
# As the invoke function sends it.
CORRELATION = re.compile(r"(?:^|[;,\s])correlation-id=([\w.-]{1,64})(?:$|[;,\s])")
TOP = re.compile(r"(?:^|&)top=([^&]*)")
DISCARD_SECONDS = 2.0
# For what is answered because the service stops.
LAST_SECONDS = 1.0


class Server:
    """One listening socket, and the pool behind it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pool = Pool(settings.model, settings.workers, settings.threads, settings.waiting)
        self.stopping = asyncio.Event()
        self.warm = False
        self.failure: str | None = None
        self.jobs: set[Job] = set()
        self.connections: dict[asyncio.Task[None], bool] = {}
        self.bodies_bytes = 0
        self.port = settings.port
        self.started = time.monotonic()

    async def run(self) -> int:
        """Serves until SIGTERM or SIGINT (0), or until no worker can be started (1)."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        host = self.settings.host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, self.settings.port), family=family, backlog=512)
        self.port = listening.getsockname()[1]
        self.pool.start(lambda: loop.call_soon_threadsafe(self._pool_changed))
        server = await asyncio.start_server(self._connected, sock=listening, limit=HEAD_BYTES)
        await self.stopping.wait()
        server.close()
        await self._finish()
        await asyncio.to_thread(self.pool.close)
        if self.failure is None:
            return 0
        print(f"error: {self.failure}", file=sys.stderr, flush=True)
        return 1

    def _pool_changed(self) -> None:
        if self.pool.failure is not None and not self.stopping.is_set():
            self.failure = self.pool.failure
            self.stopping.set()
        elif not self.warm and self.pool.ready == self.settings.workers:
            self.warm = True
            seconds = round(time.monotonic() - self.started, 3)
            host, workers = self.settings.host, self.settings.workers
            _say(message="ready", host=host, port=self.port, workers=workers, seconds=seconds)

    async def _finish(self) -> None:
        """Lets begun requests end; connections that wait for a next one are closed at once."""
        for task, busy in list(self.connections.items()):
            if not busy:
                task.cancel()
        # Without a worker there is nothing to wait for.
        seconds = self.settings.stop_seconds if self.failure is None else 0
        if self.connections and seconds > 0:
            await asyncio.wait(list(self.connections), timeout=seconds)
        for job in list(self.jobs):
            job.end()
        if self.connections:
            await asyncio.wait(list(self.connections), timeout=LAST_SECONDS)
        for task in list(self.connections):
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        # Nothing stays in our own buffer: waiting for it to drain bounds the time of a client that does not read.
        writer.transport.set_write_buffer_limits(high=0)
        try:
            if len(self.connections) >= self.settings.connections:
                problem = Problem("overloaded", "There are too many connections; try again later.")
                await self._send(writer, encode_response(problem_answer(problem), keep_alive=False))
                return
            again = True
            while again:
                self.connections[task] = False
                first = await asyncio.wait_for(reader.read(1), self.settings.idle_seconds)
                self.connections[task] = True
                again = first != b"" and await self._exchange(first, reader, writer)
        except (ConnectionError, asyncio.TimeoutError):
            # The client is gone, is idle, or does not read: nobody is left to be told.
            writer.transport.abort()
        finally:
            self.connections.pop(task, None)
            writer.close()

    async def _exchange(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; true when the connection may bring another."""
        began = time.monotonic()
        head: Head | None = None
        unread = True
        try:
            head = await _within(self.settings.head_seconds, "headers", read_head(reader, first))
            unread = head.length != 0
            response = self._by_head(head)
            if response is None:
                with self._reserved(head):
                    body = await self._body(head, reader, writer)
                    unread = False
                    response = await self._answer(head, body)
        except Problem as problem:
            response = problem_answer(problem)
        except (ConnectionError, asyncio.TimeoutError):
            raise
        except Exception:
            log.exception("a request failed")
            response = problem_answer(Problem("internal", "The service failed; its log says why."))
        keep_alive = head is not None and head.keep_alive and not unread and not self.stopping.is_set()
        if head is None or head.path != "/ping":
            self._log(head, response, time.monotonic() - began)
        with_body = head is None or head.method != "HEAD"
        await self._send(writer, encode_response(response, keep_alive, with_body))
        if unread:
            await _discard(reader, writer)
        return keep_alive

    def _by_head(self, head: Head) -> Response | None:
        """The answer to what needs no worker; None for a request that does. Raises Problem."""
        methods = METHODS.get(head.path)
        if methods is None:
            raise Problem("not-found", "There are GET /ping and POST /invocations.")
        if head.method not in methods:
            problem = Problem("method-not-allowed", f"Use {methods[0]}.")
            return problem_answer(problem, {"Allow": ", ".join(methods)})
        ready = self.warm and self.pool.ready > 0 and not self.stopping.is_set()
        if head.path == "/ping":
            return Response(200 if ready else 503, "", b"")
        if not ready:
            return problem_answer(Problem("not-ready", "The model is not loaded yet."), {"Retry-After": "5"})
        return None

    @contextmanager
    def _reserved(self, head: Head) -> Iterator[None]:
        """Memory for the body, until it is answered; one without a length is counted as the longest."""
        longest = self.settings.limits.body_bytes
        size = longest if head.length is None else min(head.length, longest)
        if self.bodies_bytes + size > self.settings.bodies_bytes:
            raise Problem("overloaded", "Too many large requests are under way; try again later.")
        self.bodies_bytes += size
        try:
            yield
        finally:
            self.bodies_bytes -= size

    async def _body(self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        limits = self.settings.limits
        too_large = head.length is not None and head.length > limits.body_bytes
        if head.headers.get("expect", "").lower() == "100-continue" and not too_large:
            await self._send(writer, b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await _within(self.settings.body_seconds, "body", read_body(reader, head, limits.body_bytes))
        if body is None:
            raise body_too_large(head.length, limits)
        return body

    async def _answer(self, head: Head, body: bytes) -> Response:
        top = TOP.search(head.query)
        accept, content_type = head.headers.get("accept", ""), head.headers.get("content-type", "")
        request = Request(body, content_type, accept, top[1] if top else None)
        job = self.pool.submit(request)
        self.jobs.add(job)
        seconds = self.settings.answer_seconds
        try:
            answer = asyncio.wrap_future(job.answer)
            # Not wait_for, which could not tell a job that was given up from a connection that is.
            await asyncio.wait([answer], timeout=seconds)
            if not answer.done():
                return problem_answer(Problem("timed-out", f"There was no answer within {seconds:g} s."))
            if answer.cancelled():
                return problem_answer(Problem("not-ready", "The service stops."))
            return answer.result()
        finally:
            job.end()
            self.jobs.discard(job)

    async def _send(self, writer: asyncio.StreamWriter, content: bytes) -> None:
        writer.write(content)
        await asyncio.wait_for(writer.drain(), self.settings.send_seconds)

    def _log(self, head: Head | None, response: Response, seconds: float) -> None:
        if not self.settings.log_requests:
            return
        attributes = head.headers.get(CUSTOM_ATTRIBUTES.lower(), "") if head else ""
        correlation = CORRELATION.search(attributes)
        refused = {"code": json.loads(response.body)["code"]} if response.content_type == MEDIA_TYPE else {}
        _say(
            message="request",
            status=response.status,
            **refused,
            milliseconds=round(seconds * 1000, 1),
            **({"correlationId": correlation[1]} if correlation else {}),
        )


async def _within(seconds: float, what: str, awaited: Awaitable[T]) -> T:
    try:
        return await asyncio.wait_for(awaited, seconds)
    except asyncio.TimeoutError as error:
        raise Problem("request-timeout", f"The {what} did not arrive within {seconds:g} s.") from error


async def _discard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads on for a moment what will not be used: closed at once, the kernel would take back the answer just sent."""

    async def to_the_end() -> None:
        while await reader.read(HEAD_BYTES) != b"":
            pass

    if writer.can_write_eof():
        writer.write_eof()
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(to_the_end(), DISCARD_SECONDS)


def _say(**fields: object) -> None:
    print(json.dumps(fields), flush=True)
