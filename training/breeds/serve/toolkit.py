"""Adapter for images with SageMaker's inference toolkit (`sagemaker_inference`), such as `pytorch-inference`.

The toolkit imports `code/inference.py` of the artifact, which takes `model_fn` and `transform_fn` from here.
Source: https://github.com/aws/sagemaker-inference-toolkit#implementation-steps
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from breeds.serve.core import Service, load_service
from breeds.serve.requests import Request


def model_fn(model_dir: str) -> Service:
    """The toolkit runs one process per worker, and answers no ping before this has returned."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    return load_service(Path(model_dir), os.environ)


def transform_fn(
    service: Service, body: bytes | str | None, content_type: str, accept: str, context: Any = None
) -> tuple[str | bytes, str]:
    """Instead of input_fn, predict_fn and output_fn: those would each need the whole request.

    `context` is that of the model server; some versions of the toolkit pass none, and then an answer has no digest and
    a refusal is raised, with the same status and text.
    """
    # JSON comes decoded.
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    response = service.respond(Request(content, content_type or "", accept or ""))
    if context is not None:
        for name, value in response.headers.items():
            context.set_response_header(0, name, value)
        if response.status != 200:
            context.set_response_status(response.status, "refused")
    elif response.status != 200:
        from sagemaker_inference.errors import (  # type: ignore[import-not-found,unused-ignore]
            GenericInferenceToolkitError,
        )

        raise GenericInferenceToolkitError(response.status, response.body.decode())
    return response.body, response.content_type
