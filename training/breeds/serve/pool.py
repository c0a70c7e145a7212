"""Worker processes and the one queue in front of them."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import breeds
from breeds.serve.answers import Response, problem_answer
from breeds.serve.problem import Problem
from breeds.serve.requests import Request
from breeds.serve.worker import decode_response, encode_request

ANSWER_BYTES = 64 * 1024 * 1024
STARTS = 5
END_SECONDS = 5


@dataclass(eq=False)
class Job:
    """A request on its way: `answer` gets the response, or is cancelled while it still waits in the queue."""

    request: Request
    answer: Future[Response] = field(default_factory=Future)
    process: subprocess.Popen[bytes] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, process: subprocess.Popen[bytes]) -> bool:
        """False when it was given up already."""
        with self.lock:
            self.process = process
        return self.answer.set_running_or_notify_cancel()

    def finish(self, response: Response) -> None:
        """From here on `end` does nothing: the worker may have the next job already."""
        with self.lock:
            self.process = None
        self.answer.set_result(response)

    def end(self) -> None:
        """Gives up: not yet begun, it never begins; begun, its worker is ended and replaced."""
        if not self.answer.cancel():
            with self.lock:
                if self.process is not None:
                    self.process.kill()


class StartFailedError(Exception):
    """A worker did not become ready; the text is for the one who started the service."""


class Pool:
    """As many threads as workers; each hands its worker one job at a time, so that no worker waits while jobs do."""

    def __init__(self, folder: Path, workers: int, threads: int, waiting: int) -> None:
        self.folder, self.workers, self.torch_threads = folder, workers, threads
        self.jobs: queue.Queue[Job | None] = queue.Queue(workers + waiting)
        self.ready = 0
        self.failure: str | None = None
        self.closing = False
        self._has_worked = False
        self._lock = threading.Lock()
        self._starting: set[subprocess.Popen[bytes]] = set()
        self._threads: list[threading.Thread] = []
        self._changed: Callable[[], object] = lambda: None

    def start(self, changed: Callable[[], object]) -> None:
        """Starts all workers at once; `changed` is called, from any thread, when `ready` or `failure` changes."""
        self._changed = changed
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(self.workers)]
        for thread in self._threads:
            thread.start()

    def submit(self, request: Request) -> Job:
        """Raises Problem when the queue is full."""
        job = Job(request)
        try:
            self.jobs.put_nowait(job)
        except queue.Full as full:
            raise Problem("overloaded", "More requests wait than can be answered in time; try again later.") from full
        return job

    def close(self) -> None:
        """Ends the workers once they have answered what they have begun."""
        self.closing = True
        with self._lock:
            for process in self._starting:
                process.kill()
        # What still waits was given up, or would never be begun: a thread may have ended for want of a worker.
        with suppress(queue.Empty):
            while True:
                self.jobs.get_nowait()
        for _ in self._threads:
            self.jobs.put_nowait(None)
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        failed = 0
        while not self.closing:
            try:
                self._serve_with_one_worker()
                failed = 0
            except StartFailedError as error:
                failed += 1
                # What has worked once may work again: a worker may be ended for memory while it starts.
                if not self._has_worked or failed == STARTS:
                    self.failure = str(error)
                    self._changed()
                    return

    def _serve_with_one_worker(self) -> None:
        """Until the worker is lost or the pool closes."""
        process, connection = self._start()
        self._count(+1)
        while (job := self.jobs.get()) is not None:
            if not job.begin(process):
                continue
            answer = _ask(connection, job.request)
            if answer is None:
                # In this order: whoever gets the answer finds this worker gone, and need not wait for the next one.
                self._count(-1)
                job.finish(_lost())
                process.kill()
                break
            job.finish(answer)
        else:
            self._count(-1)
        # The worker reads the end of the connection as the end of its work.
        connection.close()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        ours, theirs = socket.socketpair()
        with theirs:
            # The package may be on the path through a relative entry or the working directory.
            path = os.pathsep.join(filter(None, [str(Path(breeds.__file__).parents[1]), os.environ.get("PYTHONPATH")]))
            arguments = map(str, (theirs.fileno(), self.folder, self.torch_threads))
            process = subprocess.Popen(
                [sys.executable, "-m", "breeds.serve.worker", *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": str(self.torch_threads)},
            )
        connection = Connection(ours.detach())
        with self._lock:
            self._starting.add(process)
            if self.closing:
                process.kill()
        try:
            error = json.loads(connection.recv_bytes(ANSWER_BYTES)).get("error")
        except (EOFError, OSError):
            error = f"A worker ended with status {process.wait()} before it was ready; its output says why."
        with self._lock:
            self._starting.discard(process)
        if error is not None:
            connection.close()
            process.wait()
            raise StartFailedError(error)
        return process, connection

    def _count(self, change: int) -> None:
        with self._lock:
            self.ready += change
            self._has_worked = True
        self._changed()


def _ask(connection: Connection, request: Request) -> Response | None:
    """None when the worker is gone."""
    with suppress(EOFError, OSError, ValueError, KeyError):
        for message in encode_request(request):
            connection.send_bytes(message)
        return decode_response(connection.recv_bytes(ANSWER_BYTES), connection.recv_bytes(ANSWER_BYTES))
    return None


def _lost() -> Response:
    return problem_answer(Problem("internal", "The process that answered the request ended."))
