"""Adapter for AWS's Ray Serve image on SageMaker, `ray:serve-ml-sagemaker-{cpu,cuda}`.

The image starts Ray with the unpacked artifact on the path, runs the `config.yaml` in it, and passes `/invocations` on
to the application. From version 1.4 on (as read in its source) it passes `X-Amzn-SageMaker-*` headers through in both
directions, and with them the digest. Source: https://aws.github.io/deep-learning-containers/ray/deployment/sagemaker/
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch
from ray import serve  # type: ignore[import-not-found,unused-ignore]
from starlette.responses import Response  # type: ignore[import-not-found,unused-ignore]

from breeds.serve.core import load_service
from breeds.serve.requests import Request

GPU = torch.cuda.is_available()
# One replica per processor, or one on the GPU; SERVE_WORKERS says otherwise.
REPLICAS = int(os.environ.get("SERVE_WORKERS", "1" if GPU else str(os.cpu_count() or 1)))


@serve.deployment(
    num_replicas=REPLICAS,
    ray_actor_options={"num_cpus": 1, "num_gpus": 1 / REPLICAS if GPU else 0},
    # The queue is the router's, so that the next request goes to the replica that is free.
    max_ongoing_requests=1,
    max_queued_requests=64,
)
class Breeds:
    """A replica; Ray routes nothing to it before the constructor has loaded and warmed the model."""

    def __init__(self, folder: str) -> None:
        torch.set_num_threads(1)
        self.service = load_service(Path(folder), os.environ)

    async def __call__(self, request: Any) -> Response:
        """`request` is a starlette Request."""
        headers = request.headers
        asked = Request(
            await request.body(),
            headers.get("content-type", ""),
            headers.get("accept", ""),
            request.query_params.get("top"),
        )
        answer = self.service.respond(asked)
        # As a header and not as media_type, to which starlette adds a charset for some.
        return Response(answer.body, answer.status, {"content-type": answer.content_type, **answer.headers})


def app(_: dict[str, str]) -> Any:
    """Builds the application, as `serve run` asks for it.

    The model is loaded here once more, and dropped: Ray answers pings as soon as the application is built, before its
    replicas are ready, and keeps requests waiting for them. A model that cannot be served must fail before that.
    """
    folder = os.environ.get("SM_MODEL_DIR", "/opt/ml/model")
    load_service(Path(folder), os.environ)
    return Breeds.bind(folder)  # type: ignore[attr-defined,unused-ignore]
