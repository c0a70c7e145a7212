"""The one core: answers, refusals, and the same bytes from every adapter."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import logging
import math
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from serving_model import CLASSES, CUSTOM_ATTRIBUTES, LABELS, SHA256, TRAINING, running, write_artifact
from serving_samples import encoded, hostile_images, odd_images, picture

from breeds.preprocessing import evaluation_input, load_image
from breeds.serve.core import Service, load_service
from breeds.serve.problem import TITLES
from breeds.serve.requests import Request

JPEG = encoded(picture())
HOSTILE = hostile_images()
SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(2**32)))


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_artifact(tmp_path_factory.mktemp("artifact"))


@pytest.fixture(scope="module")
def service(artifact: Path) -> Service:
    return load_service(artifact, {"MODEL_NAME": "breeds", "MODEL_SHA256": SHA256})


def as_json(*images: bytes, **fields: Any) -> bytes:
    return json.dumps({"images": [base64.b64encode(image).decode() for image in images], **fields}).encode()


def test_logits_are_those_of_evaluation_written_as_a_python_list(service: Service) -> None:
    tensor = evaluation_input(load_image(io.BytesIO(JPEG)), service.artifact.preprocessing)
    expected = service.artifact.model(tensor.unsqueeze(0)).tolist()

    answer = service.respond(Request(JPEG, "image/jpeg", "application/json"))

    assert (answer.status, answer.content_type) == (200, "application/json")
    assert answer.body == json.dumps(expected).encode()
    assert [len(row) for row in expected] == [len(CLASSES)]


def test_labels_are_the_likeliest_first_with_probabilities_that_add_up(service: Service) -> None:
    logits = json.loads(service.respond(Request(JPEG, "image/jpeg")).body)[0]
    probabilities = torch.tensor(logits, dtype=torch.float64).softmax(0).tolist()

    answer = service.respond(Request(JPEG, "image/jpeg", f"{LABELS};top=5"))

    assert (answer.status, answer.content_type) == (200, LABELS)
    value = json.loads(answer.body)
    assert value["model"] == "breeds"
    (labels,) = value["predictions"]
    order = sorted(range(5), key=lambda index: -logits[index])
    assert [(label["index"], label["label"]) for label in labels] == [(index, CLASSES[index]) for index in order]
    assert [label["probability"] for label in labels] == pytest.approx([probabilities[index] for index in order])
    assert math.fsum(label["probability"] for label in labels) == pytest.approx(1)


def test_an_image_gets_the_same_answer_alone_and_among_others(service: Service) -> None:
    images = [JPEG, encoded(picture().rotate(180), "PNG"), encoded(picture(40, 200))]
    alone = [json.loads(service.respond(Request(image, "application/x-image")).body)[0] for image in images]

    together = service.respond(Request(as_json(*images), "application/json"))

    assert json.loads(together.body) == alone


@pytest.mark.parametrize("name", odd_images())
def test_an_odd_image_is_answered(service: Service, name: str) -> None:
    answer = service.respond(Request(odd_images()[name], "application/octet-stream"))

    assert answer.status == 200
    assert all(math.isfinite(value) for value in json.loads(answer.body)[0])


def test_what_follows_an_image_changes_nothing(service: Service) -> None:
    plain = service.respond(Request(JPEG, "image/jpeg"))

    assert service.respond(Request(JPEG + b"PK\x03\x04" + bytes(100), "image/jpeg")).body == plain.body


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_image_gets_a_problem_with_its_code(service: Service, name: str) -> None:
    content, code = HOSTILE[name]
    if content == b"":
        code = "malformed-request"

    answer = service.respond(Request(content, "application/octet-stream"))

    problem = json.loads(answer.body)
    assert (answer.status, answer.content_type) == (TITLES[code][0], "application/problem+json")
    assert (problem["code"], problem["status"], problem["type"]) == (code, answer.status, "about:blank")
    assert answer.headers == {CUSTOM_ATTRIBUTES: f"model-sha256={SHA256}"}


def test_the_position_of_a_bad_image_is_told(service: Service) -> None:
    answer = service.respond(Request(as_json(JPEG, JPEG, JPEG[:200]), "application/json"))

    assert (answer.status, json.loads(answer.body)["code"]) == (422, "damaged-image")
    assert json.loads(answer.body)["detail"].startswith("Image 2: ")


def test_nothing_goes_through_the_model_before_all_images_are_decoded(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []
    monkeypatch.setattr(service, "model", lambda tensor: calls.append(tensor))

    service.respond(Request(as_json(JPEG, JPEG[:200]), "application/json"))

    assert calls == []


@pytest.mark.parametrize(
    ("failure", "status", "code"), [(MemoryError(), 503, "out-of-memory"), (RuntimeError("secret"), 500, "internal")]
)
def test_a_failure_is_an_answer_without_its_cause(
    service: Service, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int, code: str
) -> None:
    def fail(_: torch.Tensor) -> torch.Tensor:
        raise failure

    monkeypatch.setattr(service, "model", fail)

    answer = service.respond(Request(JPEG, "image/jpeg"))

    assert (answer.status, json.loads(answer.body)["code"]) == (status, code)
    assert b"secret" not in answer.body


def test_an_answer_that_is_not_finite_is_not_given(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service, "model", lambda tensor: torch.full((1, 5), float("inf")))

    with caplog.at_level(logging.ERROR):
        answer = service.respond(Request(JPEG, "image/jpeg"))

    assert answer.status == 500
    assert "something else than 5 finite numbers" in caplog.text


def test_any_change_of_a_request_is_answered_and_never_by_a_failure(service: Service) -> None:
    rng = random.Random(SEED)
    samples = [(JPEG, "image/jpeg"), (encoded(picture(), "PNG"), "image/png"), (as_json(JPEG), "application/json")]
    statuses: dict[int, int] = {}
    for number in range(300):
        content, content_type = rng.choice(samples)
        changed = bytearray(content)
        for _ in range(rng.randint(0, 3)):
            at = rng.randrange(len(changed) + 1)
            changed[at : at + rng.choice([0, 1, 1, 30])] = rng.randbytes(rng.choice([0, 1, 1, 30]))
        answer = service.respond(Request(bytes(changed), content_type))
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
        assert answer.status == 200 or 400 <= answer.status < 500, f"FUZZ_SEED={SEED}, request {number}: {answer}"
    assert statuses[200] > 20 and statuses[422] > 20, (SEED, statuses)


# The adapters.


@pytest.fixture(scope="module")
def toolkit(artifact: Path) -> Iterator[Any]:
    """`code/inference.py` of the artifact, imported in a process that knows no other `breeds`."""
    program = (
        "import base64, json, sys\n"
        "sys.path.insert(0, sys.argv[1] + '/code')\n"
        "import inference\n"
        "assert inference.model_fn.__code__.co_filename.startswith(sys.argv[1])\n"
        "class Context:\n"
        "    def set_response_status(self, code, phrase): self.status = code\n"
        "    def set_response_header(self, index, name, value): self.headers[name] = value\n"
        "service = inference.model_fn(sys.argv[1])\n"
        "for line in sys.stdin:\n"
        "    body, content_type, accept = json.loads(line)\n"
        "    context = Context(); context.status = 200; context.headers = {}\n"
        "    body = base64.b64decode(body)\n"
        "    # The toolkit decodes these: sagemaker_inference.content_types.UTF8_TYPES\n"
        "    body = body.decode() if content_type == 'application/json' else body\n"
        "    answer, answered_type = inference.transform_fn(service, body, content_type, accept, context)\n"
        "    text = base64.b64encode(answer).decode()\n"
        "    print(json.dumps([context.status, answered_type, text, context.headers]), flush=True)\n"
    )
    environment = {**os.environ, "MODEL_NAME": "breeds", "MODEL_SHA256": SHA256, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(artifact)],
        cwd="/",
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def ray_app(artifact: Path) -> Iterator[Any]:
    """The Ray adapter with stand-ins for Ray and starlette, which only AWS's image has."""
    serve = ModuleType("ray.serve")
    serve.deployment = lambda **options: lambda cls: setattr(cls, "options", options) or cls  # type: ignore[attr-defined]
    ray, starlette, responses = ModuleType("ray"), ModuleType("starlette"), ModuleType("starlette.responses")
    ray.serve = serve  # type: ignore[attr-defined]
    responses.Response = lambda body, status, headers: SimpleNamespace(body=body, status=status, headers=headers)  # type: ignore[attr-defined]
    modules = {"ray": ray, "ray.serve": serve, "starlette": starlette, "starlette.responses": responses}
    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules.items():
            patch.setitem(sys.modules, name, module)
        patch.setenv("SM_MODEL_DIR", str(artifact))
        patch.setenv("MODEL_NAME", "breeds")
        patch.setenv("MODEL_SHA256", SHA256)
        patch.delitem(sys.modules, "breeds.serve.ray_app", raising=False)
        import breeds.serve.ray_app as module

        yield module
    sys.modules.pop("breeds.serve.ray_app", None)


def by_ray(replica: Any, request: Request) -> tuple[int, str, bytes, dict[str, str]]:
    async def body() -> bytes:
        return request.body

    headers = {"content-type": request.content_type, "accept": request.accept}
    answer = asyncio.run(replica(SimpleNamespace(headers=headers, body=body, query_params={})))
    content_type = answer.headers.pop("content-type")
    return answer.status, content_type, answer.body, answer.headers


def by_toolkit(process: Any, request: Request) -> tuple[int, str, bytes, dict[str, str]]:
    body = base64.b64encode(request.body).decode()
    process.stdin.write(json.dumps([body, request.content_type, request.accept]) + "\n")
    process.stdin.flush()
    status, content_type, text, headers = json.loads(process.stdout.readline())
    return status, content_type, base64.b64decode(text), headers


def test_every_adapter_answers_the_same_bytes(service: Service, artifact: Path, toolkit: Any, ray_app: Any) -> None:
    requests = [
        Request(JPEG, "image/jpeg", "application/json"),
        Request(encoded(picture(), "PNG"), "image/png", LABELS),
        Request(as_json(JPEG, odd_images()["cmyk jpeg"], top=2), "application/json", "*/*"),
        *(
            Request(content, "application/octet-stream", "*/*")
            for content, _ in HOSTILE.values()
            if len(content) < 10**6
        ),
        Request(b"{}", "application/json", "application/json"),
        Request(JPEG, "text/plain", "application/json"),
        Request(JPEG, "image/jpeg", "text/csv"),
    ]
    replica = ray_app.Breeds(str(artifact))
    environment = {"MODEL_NAME": "breeds", "MODEL_SHA256": SHA256}
    with running(artifact, "log_requests=False", environment) as server:
        for request in requests:
            core = service.respond(request)
            expected = (core.status, core.content_type, core.body, dict(core.headers))

            assert by_toolkit(toolkit, request) == expected
            assert by_ray(replica, request) == expected
            answer = server.ask(request.body, request.content_type, Accept=request.accept)
            assert (answer.status, answer.headers["Content-Type"], answer.body) == expected[:3]
            assert answer.headers[CUSTOM_ATTRIBUTES] == f"model-sha256={SHA256}"


def test_a_toolkit_without_context_gets_a_refusal_as_its_own_error(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from breeds.serve.toolkit import transform_fn

    class ToolkitError(Exception):
        pass

    errors = ModuleType("sagemaker_inference.errors")
    errors.GenericInferenceToolkitError = ToolkitError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sagemaker_inference", ModuleType("sagemaker_inference"))
    monkeypatch.setitem(sys.modules, "sagemaker_inference.errors", errors)

    assert transform_fn(service, JPEG, "image/jpeg", "*/*")[1] == "application/json"
    with pytest.raises(ToolkitError) as refused:
        transform_fn(service, None, "image/jpeg", "*/*")
    assert refused.value.args[0] == 400
    assert json.loads(refused.value.args[1])["code"] == "malformed-request"


def test_ray_gets_one_request_per_replica_and_a_bounded_queue(ray_app: Any) -> None:
    options = ray_app.Breeds.options

    assert (options["max_ongoing_requests"], options["max_queued_requests"]) == (1, 64)
    assert options["num_replicas"] == os.cpu_count()


def test_ray_builds_no_application_from_a_model_that_is_refused(
    ray_app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SM_MODEL_DIR", str(tmp_path))

    with pytest.raises(Exception, match=r"manifest\.json cannot be read"):
        ray_app.app({})


def test_the_artifact_brings_the_entry_points_of_both_images(artifact: Path) -> None:
    config = (artifact / "config.yaml").read_text()

    assert "import_path: deployment:app" in config and "route_prefix: /\n" in config
    assert "from breeds.serve.ray_app import app" in (artifact / "deployment.py").read_text()
    sources = {path.relative_to(TRAINING) for path in (TRAINING / "breeds").rglob("*.py")}
    assert sources <= {path.relative_to(artifact) for path in artifact.rglob("*.py")}
