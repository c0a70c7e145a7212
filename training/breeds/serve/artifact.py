"""Reads a model from its artifact, and refuses one that is incomplete, changed or of another kind."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load
from torch import nn
from torchvision import models

from breeds.archive import FORMAT_VERSION, MANIFEST, ArtifactError
from breeds.arguments import BACKBONES
from breeds.preprocessing import Preprocessing

NEEDED = ("class_to_idx.json", "model.safetensors", "preprocessing.json")
# A manifest of a few kilobytes is usual; the others are bounded by the sizes it tells.
MANIFEST_BYTES = 1_000_000
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Artifact:
    """A model in memory, in evaluation mode."""

    model: nn.Module
    class_names: tuple[str, ...]
    preprocessing: Preprocessing
    manifest_sha256: str


def load_artifact(folder: Path) -> Artifact:
    """Verifies every file of the manifest, then builds the model from the very bytes that were verified.

    Nothing is downloaded and nothing is unpickled. Raises ArtifactError.
    """
    manifest_bytes = _read(folder, MANIFEST, MANIFEST_BYTES)
    manifest = _mapping(MANIFEST, manifest_bytes)
    if manifest.get("format_version") != FORMAT_VERSION:
        found = manifest.get("format_version")
        raise ArtifactError(
            f"{MANIFEST} has format_version {found!r}; {FORMAT_VERSION} can be served. Export the model again."
        )
    contents = {name: content for name, content in _verified(folder, manifest) if name in NEEDED}
    missing = sorted(set(NEEDED) - set(contents))
    if missing:
        raise ArtifactError(f"{MANIFEST} does not list {', '.join(missing)}. Export the model again.")
    names = _class_names(_mapping("class_to_idx.json", contents["class_to_idx.json"]))
    preprocessing = _preprocessing(_mapping("preprocessing.json", contents["preprocessing.json"]))
    model = _model(manifest.get("model"), len(names), contents["model.safetensors"])
    return Artifact(model, names, preprocessing, hashlib.sha256(manifest_bytes).hexdigest())


def _verified(folder: Path, manifest: Mapping[str, Any]) -> list[tuple[str, bytes]]:
    """Every file of the manifest; those that are not needed are checked all the same, as some of them are code."""
    files = manifest.get("files")
    if not isinstance(files, dict):
        raise ArtifactError(f"{MANIFEST} lists no files. Export the model again.")
    verified = []
    for name, told in files.items():
        size, digest = (told.get("bytes"), told.get("sha256")) if isinstance(told, dict) else (None, None)
        # Checked before the path is used: a name must not lead out of the folder.
        if not re.fullmatch(r"(?!.*\.\.)[\w.-]+(/[\w.-]+)*", name) or not isinstance(size, int):
            raise ArtifactError(f"{MANIFEST} lists {name[:80]!r} in a form that is not taken. Export the model again.")
        content = _read(folder, name, size)
        if len(content) != size or hashlib.sha256(content).hexdigest() != digest:
            raise ArtifactError(
                f"{name} is not the file that was exported: its size or digest differs from {MANIFEST}. "
                "Fetch the artifact again, and find out who changed it."
            )
        verified.append((name, content))
    return verified


def _read(folder: Path, name: str, at_most: int) -> bytes:
    try:
        # One byte more than told is enough to see that the file is larger.
        with (folder / name).open("rb") as file:
            return file.read(max(at_most, 0) + 1)
    except OSError as error:
        raise ArtifactError(
            f"{folder / name} cannot be read ({error.strerror}). The folder must be an unpacked model.tar.gz."
        ) from error


def _mapping(name: str, content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ArtifactError(f"{name} is not JSON. Export the model again.") from error
    if not isinstance(value, dict):
        raise ArtifactError(f"{name} is not a JSON object. Export the model again.")
    return value


def _class_names(class_to_idx: Mapping[str, Any]) -> tuple[str, ...]:
    by_index = {label: name for name, label in class_to_idx.items() if type(label) is int}
    if len(by_index) < 2 or sorted(by_index) != list(range(len(class_to_idx))):
        raise ArtifactError("class_to_idx.json must number two or more classes from 0 without a gap.")
    return tuple(by_index[label] for label in range(len(by_index)))


def _preprocessing(values: Mapping[str, Any]) -> Preprocessing:
    try:
        preprocessing = Preprocessing.from_json(values)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ArtifactError(f"preprocessing.json cannot be read ({error!r}). Export the model again.") from error
    sizes = 1 <= preprocessing.image_size <= preprocessing.resize_size <= 2048
    colours = len(preprocessing.mean) == len(preprocessing.std) == 3
    numbers = all(map(math.isfinite, (*preprocessing.mean, *preprocessing.std))) and min(preprocessing.std) > 0
    if not (sizes and colours and numbers):
        raise ArtifactError("preprocessing.json holds sizes or numbers that no image can be prepared with.")
    return preprocessing


def _model(told: Any, classes: int, weights: bytes) -> nn.Module:
    described = told if isinstance(told, dict) else {}
    if described.get("library") != "torchvision" or described.get("backbone") not in BACKBONES:
        raise ArtifactError(
            f"{MANIFEST} describes the model {described.get('backbone')!r} of {described.get('library')!r}; "
            f"{', '.join(BACKBONES)} of 'torchvision' can be served."
        )
    if described.get("classes") != classes:
        raise ArtifactError(f"{MANIFEST} tells {described.get('classes')!r} classes, class_to_idx.json {classes}.")
    build: Callable[..., nn.Module] = models.get_model
    model = build(described["backbone"], weights=None, num_classes=classes)
    try:
        model.load_state_dict(load(weights), strict=True)
    except (SafetensorError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise ArtifactError(f"model.safetensors does not hold the weights of the model: {reason}") from error
    return model.requires_grad_(False).eval()
