"""The artifact: a flat folder that SageMaker packs as model.tar.gz, described by a manifest with digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors.torch import save
from torch import Tensor

from breeds.preprocessing import Preprocessing

FORMAT_VERSION = 1


def export(
    folder: Path,
    weights: Mapping[str, Tensor],
    backbone: str,
    class_names: Sequence[str],
    preprocessing: Preprocessing,
    metrics: Mapping[str, Any],
) -> None:
    """Writes model.safetensors, class_to_idx.json, preprocessing.json, metrics.json and, last, manifest.json.

    Equal inputs give equal bytes. A reader takes the folder as complete if the manifest is there and its digests
    are right.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").unlink(missing_ok=True)
    contents = {
        "model.safetensors": save({name: value.detach().cpu().contiguous() for name, value in weights.items()}),
        "class_to_idx.json": encode({name: label for label, name in enumerate(class_names)}),
        "preprocessing.json": encode(preprocessing.to_json()),
        "metrics.json": encode(metrics),
    }
    for name, content in contents.items():
        write(folder / name, content)
    manifest = {
        "format_version": FORMAT_VERSION,
        "model": {"library": "torchvision", "backbone": backbone, "classes": len(class_names)},
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in contents.items()
        },
    }
    write(folder / "manifest.json", encode(manifest))


def encode(value: Any) -> bytes:
    """JSON for people and diffs; refuses nan and infinity, which are not JSON."""
    return (json.dumps(value, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def write(file: Path, content: bytes) -> None:
    """Replaces a file in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    partial.write_bytes(content)
    partial.replace(file)
