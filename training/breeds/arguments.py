"""The command line. Every argument has a default that works outside SageMaker, where no SM_* variable is set.

The jobs pass hyperparameters as strings (`--epochs 20`); names and ranges are those of the stack's configuration.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FINE_TUNE = ("head", "layer4", "full")
BACKBONES = ("resnet50", "resnet18")


@dataclass(frozen=True)
class Arguments:
    """Parsed arguments. Paths are as given; `batch_size` counts images per step and process."""

    fine_tune: str
    epochs: int
    batch_size: int
    learning_rate: float
    patience: int
    seed: int
    backbone: str
    image_size: int
    views: int
    workers: int
    device: str
    data: Path
    pretrained: Path | None
    model_dir: Path
    output_dir: Path
    checkpoint_dir: Path
    feature_dir: Path


def parse(argv: Sequence[str], environment: Mapping[str, str]) -> Arguments:
    """Arguments of one run. A refused value ends the process with status 2 and names what is allowed."""
    return Arguments(**vars(_parser(environment).parse_args(argv)))


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    on_sagemaker = "SM_MODEL_DIR" in environment

    def path(variable: str, fallback: str) -> Path:
        return Path(environment.get(variable, fallback))

    parser = argparse.ArgumentParser(
        prog="train.py",
        description="Trains a classifier of image folders and exports the best weights.",
        # An abbreviation that works today is ambiguous after the next argument is added.
        allow_abbrev=False,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    what = parser.add_argument_group("what is learned")
    what.add_argument(
        "--fine_tune",
        choices=FINE_TUNE,
        default="head",
        help="the new head on a frozen backbone, its last stage too, or everything",
    )
    what.add_argument("--epochs", type=_integer(1, 1000), default=20, help="at most; early stopping may end before")
    what.add_argument("--batch_size", type=_integer(1, 4096), default=64, help="images per step and process")
    what.add_argument(
        "--learning_rate",
        type=_number(1e-6, 1.0),
        default=1e-3,
        help="peak rate of the head for the global batch; a pretrained backbone learns at a tenth of it",
    )
    what.add_argument(
        "--patience", type=_integer(1, 100), default=3, help="epochs without a better validation loss until it stops"
    )
    what.add_argument("--seed", type=_integer(0, 2**31 - 1), default=1, help="of new weights, order and augmentation")
    what.add_argument("--backbone", choices=BACKBONES, default="resnet50", help="resnet18 is for quick trials")
    what.add_argument("--image_size", type=_integer(32, 1024), default=224, help="side of the square input in pixels")
    what.add_argument(
        "--views",
        type=_integer(0, 100),
        default=4,
        help="for head: how often each training image runs through the frozen backbone, once as in evaluation, then "
        "augmented; the features are cached. 0: no cache, a new augmentation in every epoch",
    )

    where = parser.add_argument_group("where it runs")
    where.add_argument("--workers", type=_integer(0, 64), default=_workers(environment), help="per process; 0: none")
    where.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="auto takes a GPU if it can")
    where.add_argument(
        "--data",
        type=Path,
        default=path("SM_CHANNEL_TRAINING", "dogImages"),
        help="folder with train, valid and test, each with a folder per class",
    )
    pretrained = environment.get("SM_CHANNEL_PRETRAINED")
    where.add_argument(
        "--pretrained",
        type=Path,
        default=None if pretrained is None else Path(pretrained),
        help="weights of the backbone: a .safetensors or .pth file or a folder with one; nothing is downloaded",
    )
    where.add_argument("--model_dir", type=Path, default=path("SM_MODEL_DIR", "output/model"), help="the artifact")
    where.add_argument(
        "--output_dir", type=Path, default=path("SM_OUTPUT_DATA_DIR", "output/data"), help="course of the training"
    )
    where.add_argument(
        "--checkpoint_dir",
        type=Path,
        # SageMaker's default local path of CheckpointConfig; there is no variable for it.
        default=Path("/opt/ml/checkpoints" if on_sagemaker else "output/checkpoints"),
        help="where an interrupted run continues from",
    )
    where.add_argument(
        "--feature_dir",
        type=Path,
        # Below the checkpoints, SageMaker keeps them over a spot interruption.
        default=Path("/opt/ml/checkpoints/features" if on_sagemaker else "output/features"),
        help="cache of the backbone's features; runs may share it",
    )
    return parser


def _workers(environment: Mapping[str, str]) -> int:
    # Containers may see fewer CPUs than the machine has, and processes of one machine share them.
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(8, available // max(1, int(environment.get("LOCAL_WORLD_SIZE", "1")))))


def _integer(low: int, high: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise argparse.ArgumentTypeError(f"got {text!r}, allowed is a whole number from {low} to {high}")
        return value

    return convert


def _number(low: float, high: float) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"got {text!r}, allowed is a number from {low:g} to {high:g}")
        return value

    return convert
