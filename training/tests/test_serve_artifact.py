"""Which artifacts are served, and that a changed one is not."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from serving_model import CLASSES, SHA256, write_artifact
from serving_samples import encoded, picture

from breeds.archive import ArtifactError
from breeds.preprocessing import Preprocessing
from breeds.serve.artifact import load_artifact
from breeds.serve.core import load_service
from breeds.serve.requests import Request


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_artifact(tmp_path_factory.mktemp("artifact"))


@pytest.fixture
def artifact(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "model")


def rewrite(folder: Path, name: str, value: Any) -> None:
    """Another content, and a manifest that knows it: as whoever exports it otherwise would."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def edit_manifest(folder: Path, **changes: Any) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, **changes}))


def test_an_exported_model_is_loaded_as_it_is(artifact: Path) -> None:
    loaded = load_artifact(artifact)

    assert loaded.class_names == CLASSES
    assert loaded.preprocessing == Preprocessing.of_size(64)
    assert not loaded.model.training
    assert not any(parameter.requires_grad for parameter in loaded.model.parameters())
    assert loaded.manifest_sha256 == hashlib.sha256((artifact / "manifest.json").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "name", ["model.safetensors", "class_to_idx.json", "preprocessing.json", "metrics.json", "breeds/serve/core.py"]
)
def test_a_tampered_file_is_refused_by_name(artifact: Path, name: str) -> None:
    content = bytearray((artifact / name).read_bytes())
    content[len(content) // 2] ^= 1
    (artifact / name).write_bytes(content)

    with pytest.raises(ArtifactError, match=f"{name} is not the file that was exported"):
        load_artifact(artifact)


@pytest.mark.parametrize("change", [lambda content: content[:-1], lambda content: content + b"\n"])
def test_a_shorter_or_longer_file_is_refused(artifact: Path, change: Any) -> None:
    file = artifact / "class_to_idx.json"
    file.write_bytes(change(file.read_bytes()))

    with pytest.raises(ArtifactError, match=r"class_to_idx\.json is not the file"):
        load_artifact(artifact)


@pytest.mark.parametrize("name", ["manifest.json", "model.safetensors"])
def test_a_missing_file_is_refused_by_name(artifact: Path, name: str) -> None:
    (artifact / name).unlink()

    with pytest.raises(ArtifactError, match=f"{name} cannot be read"):
        load_artifact(artifact)


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a/../../b", "a//b", "", "a\\b"])
def test_a_manifest_never_leads_out_of_its_folder(artifact: Path, name: str) -> None:
    (artifact.parent / "outside").write_bytes(b"x")
    files = json.loads((artifact / "manifest.json").read_text())["files"]
    edit_manifest(artifact, files={**files, name: {"bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}})

    with pytest.raises(ArtifactError, match="in a form that is not taken"):
        load_artifact(artifact)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format_version": 2}, "format_version 2; 1 can be served"),
        ({"files": []}, "lists no files"),
        ({"files": {}}, "does not list class_to_idx.json, model.safetensors, preprocessing.json"),
        ({"files": {"model.safetensors": {"bytes": "9"}}}, "in a form that is not taken"),
        ({"model": None}, "the model None of None"),
        ({"model": {"library": "torchvision", "backbone": "vit_h_14", "classes": 5}}, "'vit_h_14'.*can be served"),
        ({"model": {"library": "torchvision", "backbone": "resnet18", "classes": 6}}, "tells 6 classes"),
    ],
)
def test_a_manifest_that_describes_another_thing_is_refused(
    artifact: Path, changes: dict[str, Any], message: str
) -> None:
    edit_manifest(artifact, **changes)

    with pytest.raises(ArtifactError, match=message):
        load_artifact(artifact)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("class_to_idx.json", {"a": 0, "b": 2}, "from 0 without a gap"),
        ("class_to_idx.json", {"a": 0, "b": 0}, "from 0 without a gap"),
        ("class_to_idx.json", {"a": False, "b": True}, "from 0 without a gap"),
        ("class_to_idx.json", {"a": 0}, "two or more classes"),
        ("class_to_idx.json", ["a"], "not a JSON object"),
        ("class_to_idx.json", b"[" * 100_000, "not JSON"),
        ("preprocessing.json", {"image_size": 64}, "cannot be read"),
        (
            "preprocessing.json",
            {"image_size": 1e9, "resize_size": 1e9, "mean": [0] * 3, "std": [1] * 3},
            "no image can",
        ),
        (
            "preprocessing.json",
            {"image_size": 64, "resize_size": 66, "mean": [0] * 3, "std": [0, 1, 1]},
            "no image can",
        ),
        ("preprocessing.json", {"image_size": 64, "resize_size": 66, "mean": [0], "std": [1]}, "no image can"),
        ("model.safetensors", b"not weights", "does not hold the weights"),
    ],
)
def test_contents_that_cannot_be_served_are_refused(artifact: Path, name: str, value: Any, message: str) -> None:
    rewrite(artifact, name, value)

    with pytest.raises(ArtifactError, match=message):
        load_artifact(artifact)


def test_a_pickle_in_place_of_the_weights_is_never_run(artifact: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"

    class Evil:
        def __reduce__(self) -> Any:
            return (trace.touch, ())

    torch.save({"fc.weight": Evil()}, tmp_path / "evil.pth")
    rewrite(artifact, "model.safetensors", (tmp_path / "evil.pth").read_bytes())

    with pytest.raises(ArtifactError):
        load_artifact(artifact)
    assert not trace.exists()


def test_a_model_that_answers_nan_does_not_become_ready(tmp_path: Path) -> None:
    folder = write_artifact(tmp_path / "model", lambda weights: weights["fc.bias"].fill_(float("nan")))

    with pytest.raises(ArtifactError, match="one finite number per class"):
        load_service(folder, {})


def test_the_answer_tells_the_digest_of_the_artifact_or_of_its_manifest(artifact: Path) -> None:
    request = Request(encoded(picture()), "image/jpeg")
    manifest = hashlib.sha256((artifact / "manifest.json").read_bytes()).hexdigest()

    told = load_service(artifact, {"MODEL_SHA256": SHA256}).respond(request).headers
    untold = load_service(artifact, {}).respond(request).headers

    assert told == {"X-Amzn-SageMaker-Custom-Attributes": f"model-sha256={SHA256}"}
    assert untold == {"X-Amzn-SageMaker-Custom-Attributes": f"manifest-sha256={manifest}"}


def test_a_digest_that_is_none_is_refused(artifact: Path) -> None:
    with pytest.raises(ArtifactError, match="MODEL_SHA256 is 'latest'"):
        load_service(artifact, {"MODEL_SHA256": "latest"})
