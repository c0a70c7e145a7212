"""From a request to its answer. Every adapter goes through here, so that all answer the same bytes."""

from __future__ import annotations

import io
import logging
import math
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from PIL import Image

from breeds.archive import ArtifactError
from breeds.images import ImageRefused, decode_image
from breeds.preprocessing import evaluation_input
from breeds.serve.answers import CUSTOM_ATTRIBUTES, Response, labels_answer, logits_answer, problem_answer
from breeds.serve.artifact import SHA256, Artifact, load_artifact
from breeds.serve.problem import Problem
from breeds.serve.requests import Limits, Request, read_accept, read_request

log = logging.getLogger(__name__)

Rows = list[list[float]]


class Service:
    """A model that is loaded, warm, and answers requests."""

    def __init__(self, artifact: Artifact, model_name: str, model_sha256: str | None, limits: Limits) -> None:
        self.artifact, self.model_name, self.limits = artifact, model_name, limits
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = artifact.model.to(self.device)
        # The artifact's own digest is known only to whoever fetched it. Without it, the manifest's digest stands for
        # all the files that it lists.
        told = f"model-sha256={model_sha256}" if model_sha256 else f"manifest-sha256={artifact.manifest_sha256}"
        self.headers = {CUSTOM_ATTRIBUTES: told}

    @property
    def classes(self) -> int:
        """How many numbers a row has."""
        return len(self.artifact.class_names)

    def warm_up(self) -> None:
        """Goes through everything that a first request would load. Raises ArtifactError if the model cannot answer."""
        buffer = io.BytesIO()
        Image.new("RGB", (300, 200), (120, 90, 60)).save(buffer, "JPEG")
        for _ in range(2):
            answer = self.respond(Request(buffer.getvalue(), "image/jpeg", "application/json"))
        if answer.status != 200:
            raise ArtifactError("The model does not answer a plain image with one finite number per class.")

    def respond(self, request: Request) -> Response:
        """The answer to any request at all; failures are answers too, and their causes go to the log."""
        try:
            asked = read_request(request, self.classes, self.limits)
            return self.answer(self.predict(asked.images), asked.top)
        except Problem as problem:
            return self.refuse(problem)
        except MemoryError:
            return self.refuse(Problem("out-of-memory", "The request needs more memory than there is."))
        except Exception:
            log.exception("a request failed")
            return self.refuse(Problem("internal", "The model failed; the log of the service says why."))

    def predict(self, images: Sequence[bytes]) -> Rows:
        """One row of logits per image. Raises Problem.

        Each image goes through the model by itself, so that its logits do not depend on its neighbours. All are
        decoded before the first goes through: a refusal then costs no inference.
        """
        inputs = [self._input(content, index, len(images)) for index, content in enumerate(images)]
        with torch.inference_mode():
            rows = [self.model(tensor.unsqueeze(0).to(self.device))[0].float().cpu().tolist() for tensor in inputs]
        if not all(len(row) == self.classes and all(map(math.isfinite, row)) for row in rows):
            raise RuntimeError(f"the model answered something else than {self.classes} finite numbers")
        return rows

    def answer(self, rows: Rows, top: int | None) -> Response:
        """Rows in the form that was asked for."""
        if top is None:
            content_type, body = logits_answer(rows)
        else:
            content_type, body = labels_answer(rows, self.artifact.class_names, top, self.model_name)
        return Response(200, content_type, body, self.headers)

    def refuse(self, problem: Problem) -> Response:
        """A problem, with the digest of the model that did not answer."""
        return problem_answer(problem, self.headers)

    def top(self, accept: str) -> int | None:
        """The form that the header asks for. Raises Problem."""
        return read_accept(accept, self.classes)

    def _input(self, content: bytes, index: int, images: int) -> torch.Tensor:
        try:
            return evaluation_input(decode_image(content, self.limits.image), self.artifact.preprocessing)
        except ImageRefused as refused:
            problem = Problem(refused.code, refused.detail)
            raise (problem.at(index) if images > 1 else problem) from refused


def load_service(folder: Path, environment: Mapping[str, str], limits: Limits | None = None) -> Service:
    """A warm service from an unpacked artifact and the container's environment: MODEL_NAME, MODEL_SHA256.

    Raises ArtifactError.
    """
    # Pillow warns of what is strange in a file, in texts that whoever sent it decides, and Python keeps each of them.
    warnings.filterwarnings("ignore", module="PIL")
    name, digest = environment.get("MODEL_NAME", ""), environment.get("MODEL_SHA256", "")
    if digest and not SHA256.fullmatch(digest):
        raise ArtifactError(f"MODEL_SHA256 is {digest[:80]!r}; it must be the 64 hexadecimal digits of the artifact.")
    service = Service(load_artifact(folder), name or "model", digest or None, limits or Limits())
    service.warm_up()
    return service
