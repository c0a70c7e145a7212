"""Features of a frozen backbone, computed once and kept: a head learns from them in seconds instead of hours.

Augmentation is kept as several views of every training image. In each epoch an image shows one of them, another one
in the next, and all views are shown equally often.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from breeds.data import Batches, EpochSampler, view_batches
from breeds.distributed import Process
from breeds.export import encode, write
from breeds.folders import Split
from breeds.interruption import Interrupted, StopRequest
from breeds.model import Learner
from breeds.preprocessing import Preprocessing

FORMAT_VERSION = 2
# Images per file: what an interruption costs at most.
PART = 512
# Images per forward pass. Fixed, because another one changes the last bits of the features.
BATCH = 32


@dataclass(frozen=True)
class HeadData:
    """What a head learns from: features of the training images as views x images x width, and of validation."""

    train: Tensor
    train_labels: Tensor
    validation: Tensor
    validation_labels: Tensor

    def training_batches(self, sampler: EpochSampler, batch_size: int) -> Batches:
        """Shuffled batches in the sampler's order; the last one of an epoch may be smaller."""
        return _TrainingFeatures(self, sampler, batch_size)

    def validation_batches(self) -> Batches:
        """Each validation image once."""
        return list(zip(torch.split(self.validation, 4096), torch.split(self.validation_labels, 4096), strict=True))


class _TrainingFeatures:
    def __init__(self, data: HeadData, sampler: EpochSampler, batch_size: int) -> None:
        self.data, self.sampler, self.batch_size = data, sampler, batch_size

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        views, images, width = self.data.train.shape
        rows = self.data.train.view(views * images, width)
        order = torch.tensor([index for _, index in self.sampler], dtype=torch.int64)
        if len(order) == 0:
            # Continuing after the last step of an epoch; split would give one empty batch.
            return
        shown = (self.sampler.epoch + order) % views * images + order
        size = self.batch_size
        for row, index in zip(torch.split(shown, size), torch.split(order, size), strict=True):
            yield rows.index_select(0, row), self.data.train_labels.index_select(0, index)


class FeatureCache:
    """Features on disk, in a folder named by all they depend on but the view. Files are whole or not there."""

    def __init__(
        self, root: Path, learner: Learner, preprocessing: Preprocessing, data_digest: str, seed: int, process: Process
    ) -> None:
        self.backbone, self.preprocessing, self.seed, self.process = learner.backbone(), preprocessing, seed, process
        self.key = {
            "format_version": FORMAT_VERSION,
            "backbone": learner.backbone_digest(),
            "data": data_digest,
            "preprocessing": preprocessing.to_json(),
            "seed": seed,
            # Other hardware or another version computes other last bits.
            "device": process.device.type,
            "torch": str(torch.__version__),
        }
        self.folder = root / hashlib.sha256(encode(self.key)).hexdigest()[:32]

    def head_data(self, train: Split, validation: Split, views: int, workers: int, stop: StopRequest) -> HeadData:
        """Reads what is there and computes the rest. Raises Interrupted, keeping every finished file."""
        write(self.folder / "key.json", encode(self.key))
        train_features = self._features("train", train, views, workers, stop)
        validation_features = self._features("valid", validation, 1, workers, stop)
        return HeadData(
            train_features,
            torch.tensor(train.labels),
            validation_features[0],
            torch.tensor(validation.labels),
        )

    def _features(self, name: str, split: Split, views: int, workers: int, stop: StopRequest) -> Tensor:
        parts = [
            _Part(self.folder / f"{name}-view-{view:02}-part-{start // PART:04}.safetensors", view, start, stop_at)
            for view in range(views)
            for start in range(0, len(split.paths), PART)
            for stop_at in [min(start + PART, len(split.paths))]
        ]
        found = {part: _read(part) for part in parts}
        missing = [part for part in parts if found[part] is None]
        if missing:
            images = sum(len(part) for part in missing)
            self.process.say(f"features of {images} {name} images in {views} view(s) to {self.folder}")
            found.update(self._compute(split, missing, workers, stop))
        tensors = [tensor for part in parts if (tensor := found[part]) is not None]
        return torch.cat(tensors).view(views, len(split.paths), -1)

    def _compute(
        self, split: Split, parts: Sequence[_Part], workers: int, stop: StopRequest
    ) -> Iterator[tuple[_Part, Tensor]]:
        keys = [batch for part in parts for batch in part.batches()]
        batches = iter(view_batches(split, self.preprocessing, self.seed, keys, workers))
        self.backbone.to(self.process.device)
        for number, part in enumerate(parts, 1):
            rows = []
            for _ in part.batches():
                inputs, _labels = next(batches)
                # In full precision, as evaluation and serving compute them.
                with torch.no_grad():
                    rows.append(self.backbone(inputs.to(self.process.device, non_blocking=True)).float().cpu())
                if stop.received:
                    raise Interrupted(f"stopped while features were computed, {number - 1} of {len(parts)} files done")
            features = torch.cat(rows)
            write(part.file, save({"features": features}, {"sha256": _digest(features)}))
            self.process.say(f"features: file {number} of {len(parts)}")
            yield part, features


@dataclass(frozen=True)
class _Part:
    file: Path
    view: int
    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    def batches(self) -> list[list[tuple[int, int]]]:
        return [
            [(self.view, index) for index in range(at, min(at + BATCH, self.stop))]
            for at in range(self.start, self.stop, BATCH)
        ]


def _read(part: _Part) -> Tensor | None:
    """The features, or None for a file that is missing or damaged: both are computed again."""
    if not part.file.exists():
        return None
    content = part.file.read_bytes()
    try:
        features = load(content)["features"]
        recorded = _metadata(content)["sha256"]
    except (SafetensorError, KeyError):
        return None
    return features if recorded == _digest(features) and len(features) == len(part) else None


def _metadata(content: bytes) -> dict[str, Any]:
    # https://huggingface.co/docs/safetensors: 8 bytes with the length of a JSON header, then the header.
    length = int.from_bytes(content[:8], "little")
    metadata: dict[str, Any] = json.loads(content[8 : 8 + length]).get("__metadata__", {})
    return metadata


def _digest(features: Tensor) -> str:
    return hashlib.sha256(features.contiguous().numpy().tobytes()).hexdigest()
