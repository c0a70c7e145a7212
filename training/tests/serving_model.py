"""A model that is served in a second, in this process or by a server of its own."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from breeds.export import export
from breeds.model import build
from breeds.preprocessing import Preprocessing
from breeds.serve.package import serving_files

CLASSES = ("001.Affenpinscher", "002.Afghan_hound", "003.Airedale_terrier", "004.Akita", "005.Ségolène")
SHA256 = "5d" * 32
TRAINING = Path(__file__).parents[1]
LABELS = "application/vnd.sagemaker-ops.labels+json"
CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


def write_artifact(folder: Path, spoil: Callable[[dict[str, torch.Tensor]], None] | None = None) -> Path:
    """An artifact of a small network with random weights, as training exports it."""
    torch.manual_seed(11)
    model = build("resnet18", len(CLASSES), "full", None).model
    weights = model.state_dict()
    if spoil is not None:
        spoil(weights)
    export(folder, weights, "resnet18", CLASSES, Preprocessing.of_size(64), {}, serving_files())
    return folder


@dataclass
class Answer:
    """What a client of the server sees."""

    status: int
    headers: dict[str, str]
    body: bytes

    def code(self) -> Any:
        return json.loads(self.body)["code"]


@dataclass
class Running:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    port: int

    def ask(self, body: bytes, content_type: str = "image/jpeg", path: str = "/invocations", **headers: str) -> Answer:
        return self.send("POST", path, body, {"Content-Type": content_type, **headers})

    def send(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        children = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                # The name, in brackets, may hold anything.
                parent = int(status.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == self.process.pid:
                children.append(int(status.parent.name))
        return sorted(children)


def start(model: Path, settings: str = "", environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """A server at a free port; `settings` are further arguments of `Settings`, as Python."""
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from breeds.serve.requests import Limits\n"
        "from breeds.serve.server import Server\n"
        "from breeds.serve.settings import Settings\n"
        f"settings = Settings(model=Path({str(model)!r}), port=0, {settings})\n"
        "sys.exit(asyncio.run(Server(settings).run()))\n"
    )
    # The sitecustomize of this folder ends every process that opens a connection to anything but this machine.
    path = os.pathsep.join([str(Path(__file__).parent / "loopback_only"), str(TRAINING)])
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(model: Path, settings: str = "", environment: dict[str, str] | None = None) -> Iterator[Running]:
    """A server that is ready, and is ended afterwards."""
    process = start(model, settings, environment)
    assert process.stdout is not None and process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield Running(process, json.loads(line)["port"])
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool], seconds: float = 300) -> None:
    """Waits for what other processes do."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
