"""Where and how to serve."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from breeds.serve.requests import Limits


@dataclass(frozen=True)
class Settings:
    """Times in seconds, sizes in bytes."""

    model: Path
    host: str = "127.0.0.1"
    # 0: a free one, told by the line `ready`.
    port: int = 8080
    workers: int = 1
    # Threads of the model in each worker.
    threads: int = 1
    # Requests that may wait for a worker, beside those that are being answered.
    waiting: int = 64
    connections: int = 512
    # All bodies in memory together.
    bodies_bytes: int = 256 * 1024 * 1024
    idle_seconds: float = 75
    head_seconds: float = 10
    body_seconds: float = 30
    send_seconds: float = 10
    # SageMaker gives up after 60 s.
    answer_seconds: float = 55
    # SageMaker kills a container 30 s after it asked it to stop.
    stop_seconds: float = 25
    log_requests: bool = True
    limits: Limits = field(default_factory=Limits)
