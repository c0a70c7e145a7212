"""A tiny data set of three striped, tinted classes, and one way to run the program in this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "loopback_only"))

import numpy
import pytest
import sitecustomize
import torch
from PIL import Image

import train

assert Path(sitecustomize.__file__).parent.name == "loopback_only"
torch.set_num_threads(1)

CLASS_NAMES = ("001.Affenpinscher", "002.Afghan_hound", "003.Airedale_terrier")
# 42 training images end in an uneven batch at batch sizes 4, 5 and 8; 17 and 20 do not divide by two processes
# and three classes evenly.
COUNTS = {"train": (14, 14, 14), "valid": (6, 6, 5), "test": (7, 7, 6)}
SMALL = ("--backbone", "resnet18", "--image_size", "32", "--workers", "0", "--device", "cpu")


def write_image(file: Path, label: int, rng: numpy.random.Generator) -> None:
    """64 x 64: stripes whose direction and tint tell the class, under noise."""
    x, y = numpy.meshgrid(numpy.arange(64), numpy.arange(64))
    along = (x, y, x + y)[label]
    stripes = 60 * numpy.sin(along / 3 + rng.uniform(0, 6))
    pixels = 110 + stripes[..., None] + rng.normal(0, 25, (64, 64, 3))
    pixels[..., label] += 45
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.clip(0, 255).astype("uint8")).save(file, quality=90)


def write_data(root: Path, counts: Mapping[str, tuple[int, ...]] = COUNTS, confusing: bool = False) -> Path:
    rng = numpy.random.default_rng(7)
    for split, per_class in counts.items():
        for label, (name, count) in enumerate(zip(CLASS_NAMES, per_class, strict=True)):
            for number in range(count):
                shown = (label + 1) % 3 if confusing and number % 3 == 0 else label
                write_image(root / split / name / f"{name[4:]}_{number:05}.jpg", shown, rng)
    return root


@dataclass(frozen=True)
class Outcome:
    """What one run left behind."""

    status: int
    stdout: str
    stderr: str
    folder: Path

    def metrics(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads((self.folder / "model" / "metrics.json").read_text())
        return values

    def last_state(self) -> tuple[dict[str, torch.Tensor], list[tuple[float, float]]]:
        """Weights after the last epoch, which need not be the exported ones, and the losses of all epochs."""
        state = torch.load(self.folder / "checkpoints" / "checkpoint.pt", weights_only=True)
        history = state["progress"]["history"]
        return state["model"], [(record["train_loss"], record["validation_loss"]) for record in history]

    def weights(self) -> bytes:
        return (self.folder / "model" / "model.safetensors").read_bytes()


def arguments(data: Path, folder: Path, *more: str) -> list[str]:
    places = [("--data", data), ("--model_dir", folder / "model"), ("--output_dir", folder / "data")]
    places += [("--checkpoint_dir", folder / "checkpoints"), ("--feature_dir", folder / "features")]
    return [*SMALL, *(str(part) for place in places for part in place), *more]


def run(data: Path, folder: Path, *more: str, environment: dict[str, str] | None = None) -> Outcome:
    """Runs the program in this process as the jobs do, apart from the size of model and images."""
    out, err = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = train.main(arguments(data, folder, *more), environment or {})
    finally:
        signal.signal(signal.SIGTERM, before)
    return Outcome(status, out.getvalue(), err.getvalue(), folder)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data") / "dogImages")


@pytest.fixture(scope="session")
def confusing_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every third image shows another class. Losses stay well above zero, where any two runs would agree."""
    return write_data(tmp_path_factory.mktemp("confusing") / "dogImages", confusing=True)


@pytest.fixture(scope="session")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A full training from random weights; its artifact serves the other tests as pretrained weights."""
    outcome = run(
        data,
        tmp_path_factory.mktemp("trained"),
        *("--fine_tune", "full", "--epochs", "6", "--batch_size", "8", "--learning_rate", "0.002", "--patience", "6"),
    )
    assert outcome.status == 0, outcome.stderr
    return outcome


@pytest.fixture(scope="session")
def pretrained(trained: Outcome) -> Path:
    return trained.folder / "model" / "model.safetensors"


@pytest.fixture
def own_data(tmp_path: Path) -> Iterator[Path]:
    """A data set that a test may damage: 5 images per class to train on, 3 to validate, 3 to test."""
    yield write_data(tmp_path / "dogImages", {"train": (5, 5, 5), "valid": (3, 3, 3), "test": (3, 3, 3)})
