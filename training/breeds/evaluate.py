"""Evaluates an artifact on one split: `python -m breeds.evaluate --artifact output/model --data dogImages`.

The artifact is verified and loaded as serving loads it. Writes evaluation.json and three charts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from breeds import svg
from breeds.archive import unpack, verify
from breeds.calibration import Predictions, expected_calibration_error, most_confused
from breeds.data import Batches, evaluation_batches
from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.export import encode, write
from breeds.folders import SPLITS, scan
from breeds.metrics import Evaluation
from breeds.serve.artifact import Artifact, load_artifact

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Options:
    """Arguments of one evaluation."""

    artifact: Path
    data: Path
    split: str
    output: Path
    batch_size: int
    workers: int


def predict(model: nn.Module, batches: Batches) -> tuple[Tensor, Tensor]:
    """Logits and labels of all images, in full precision on the CPU, as serving computes them."""
    model.eval()
    logits, labels = [], []
    with torch.inference_mode():
        for inputs, truth in batches:
            logits.append(model(inputs))
            labels.append(truth)
    return torch.cat(logits), torch.cat(labels)


def evaluation(logits: Tensor, labels: Tensor, names: Sequence[str]) -> dict[str, Any]:
    """All numbers as plain values; `names` are the classes in label order."""
    classes = len(names)
    predictions = Predictions.of_logits(logits, labels)
    confusion, bins = predictions.confusion(classes), predictions.bins()
    correct = tuple(confusion[label][label] for label in range(classes))
    result = Evaluation(
        loss=cross_entropy(logits.double(), labels).item(),
        accuracy=sum(correct) / len(labels),
        correct=correct,
        images=tuple(sum(row) for row in confusion),
    )
    return {
        "format_version": FORMAT_VERSION,
        **result.to_json(names),
        "confusion": confusion,
        "most_confused": most_confused(confusion, names),
        "calibration": {
            "expected_calibration_error": expected_calibration_error(bins),
            "mean_confidence": predictions.confidences.mean().item(),
            "bins": [asdict(one) for one in bins],
        },
    }


def run(options: Options) -> dict[str, Any]:
    """Evaluates and writes. Raises TrainingError for an artifact or data that do not fit."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.artifact
        if folder.is_dir():
            verify(folder)
        else:
            folder = Path(temporary) / "artifact"
            unpack(options.artifact, folder)
        artifact = load_artifact(folder)
    folders = scan(options.data)
    if folders.class_names != artifact.class_names:
        raise TrainingError(
            f"{options.data} has other classes than the artifact: {len(folders.class_names)} folders, "
            f"{len(artifact.class_names)} labels. Give the data set it was trained on."
        )
    process = Process(0, 1, torch.device("cpu"))
    split = folders.splits[options.split]
    batches = evaluation_batches(split, artifact.preprocessing, process, options.batch_size, options.workers)
    values = evaluation(*predict(artifact.model, batches), artifact.class_names)
    values = {"split": options.split, "manifest_sha256": artifact.manifest_sha256, **values}
    write(options.output / "evaluation.json", encode(values))
    _charts(options, artifact, values)
    return values


def _charts(options: Options, artifact: Artifact, values: dict[str, Any]) -> None:
    names = artifact.class_names
    confusion = svg.matrix(f"Confusion on {options.split}", names, values["confusion"])
    write(options.output / "confusion.svg", confusion.encode())
    calibration = values["calibration"]
    title = (
        f"Reliability on {options.split}, expected calibration error {calibration['expected_calibration_error']:.3f}"
    )
    bins = [(one["low"], one["high"], one["confidence"], one["accuracy"], one["images"]) for one in calibration["bins"]]
    write(options.output / "reliability.svg", svg.reliability(title, bins).encode())
    recalls = sorted(entry["recall"] for entry in values["classes"].values() if entry["recall"] is not None)
    curve = {"recall": [(float(place + 1), recall) for place, recall in enumerate(recalls)]}
    chart = svg.lines(f"Recall per class on {options.split}, sorted", "classes", curve)
    write(options.output / "recall.svg", chart.encode())


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 evaluated, 1 refused, 2 bad arguments."""
    parser = argparse.ArgumentParser(
        prog="breeds.evaluate",
        description="Accuracy, recall, confusion and calibration of an artifact.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--artifact", type=Path, default=Path("output/model"), help="folder or model.tar.gz")
    parser.add_argument("--data", type=Path, default=Path("dogImages"), help="folder with train, valid and test")
    parser.add_argument("--split", choices=SPLITS, default="valid", help="look at test once, for the final model")
    parser.add_argument("--output", type=Path, default=Path("output/evaluation"), help="folder for the results")
    parser.add_argument("--batch_size", type=int, default=32, help="images per step")
    parser.add_argument("--workers", type=int, default=1, help="processes that read images; 0: none")
    try:
        options = Options(**vars(parser.parse_args(argv)))
        values = run(options)
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(
        f"split={options.split} images={values['images']} loss={values['loss']:.4f} accuracy={values['accuracy']:.4f}"
        f" macro_recall={values['macro_recall']:.4f}"
        f" calibration_error={values['calibration']['expected_calibration_error']:.4f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
