"""The answer to a request, as bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from breeds.serve.problem import MEDIA_TYPE, Problem
from breeds.serve.requests import LABELS, LOGITS

CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


@dataclass(frozen=True)
class Response:
    """What a transport sends back."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def logits_answer(rows: Sequence[Sequence[float]]) -> tuple[str, bytes]:
    """`[[…]]`, one row per image, as `json.dumps` of a Python list: what clients of the hand-made endpoint read."""
    return LOGITS, json.dumps(rows, allow_nan=False).encode()


def labels_answer(rows: Sequence[Sequence[float]], names: Sequence[str], top: int, model: str) -> tuple[str, bytes]:
    """The likeliest classes of each image with their probabilities, in the invoke function's form."""
    value = {"model": model, "predictions": [top_labels(row, names, top) for row in rows]}
    return LABELS, json.dumps(value, ensure_ascii=False).encode()


def top_labels(logits: Sequence[float], names: Sequence[str], top: int) -> list[dict[str, Any]]:
    """The likeliest first; of equal ones the lower index first. Probabilities add up to 1 over all classes."""
    largest = max(logits)
    powers = [math.exp(value - largest) for value in logits]
    total = math.fsum(powers)
    order = sorted(range(len(logits)), key=lambda index: (-logits[index], index))
    return [{"index": at, "label": names[at], "probability": powers[at] / total} for at in order[:top]]


def problem_answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as a response."""
    return Response(problem.status, MEDIA_TYPE, problem.to_json(), headers or {})
