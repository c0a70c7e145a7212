"""`python -m breeds.serve --model DIR`: serves an unpacked artifact over HTTP."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from breeds.serve.server import Server
from breeds.serve.settings import Settings


def parse(argv: Sequence[str], environment: Mapping[str, str], processors: int) -> Settings:
    """Arguments first, then the container's environment, then defaults. Exits with status 2 for what cannot be."""
    parser = argparse.ArgumentParser(
        prog="python -m breeds.serve",
        description="Serves a trained model: GET /ping, POST /invocations.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    model = environment.get("SM_MODEL_DIR", "/opt/ml/model")
    parser.add_argument("--model", type=Path, default=Path(model), help="unpacked model.tar.gz")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at; 0.0.0.0 in a container")
    # SageMaker tells containers that share a host where to listen.
    bound = environment.get("SAGEMAKER_BIND_TO_PORT", "8080")
    parser.add_argument("--port", type=_whole(0, 65535), default=bound, help="0: a free one, told by the line `ready`")
    workers = environment.get("SERVE_WORKERS", str(processors))
    parser.add_argument("--workers", type=_whole(1, 256), default=workers, help="processes that hold the model")
    parser.add_argument("--threads", type=_whole(1, 256), default=1, help="threads of the model in each worker")
    parser.add_argument("--waiting", type=_whole(0, 10_000), default=64, help="requests that may wait for a worker")
    parser.add_argument("--quiet", action="store_true", help="no line per request")
    arguments = parser.parse_args(argv)
    return Settings(
        model=arguments.model,
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        threads=arguments.threads,
        waiting=arguments.waiting,
        log_requests=not arguments.quiet,
    )


class _whole:  # noqa: N801 - a type of argparse, which calls it and prints its name
    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def __call__(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and self.least <= int(text) <= self.most):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {self.least} to {self.most}")
        return int(text)


def main(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Exit status: 0 stopped when asked to, 1 the model or the port cannot be used, 2 bad arguments."""
    settings = parse(argv, environment, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)
    try:
        return asyncio.run(Server(settings).run())
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        print(f"error: {place} cannot be listened at ({error.strerror}). Choose another --port.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], os.environ))
