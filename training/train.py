"""Entry point of the jobs, the training box and a laptop: `python train.py --fine_tune head --epochs 20`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import torch
import torchvision

from breeds import distributed
from breeds.arguments import Arguments, parse
from breeds.checkpoint import CheckpointStore
from breeds.data import EpochSampler, evaluation_batches, training_batches
from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.evaluation import evaluate
from breeds.export import encode, export, write
from breeds.folders import ImageFolders, scan, verify
from breeds.interruption import EXIT_STATUS, Interrupted, StopRequest
from breeds.loop import Training
from breeds.metrics import Evaluation, best_line, test_line
from breeds.model import Pretrained, build, read_pretrained
from breeds.preprocessing import Preprocessing

# What the result depends on. A checkpoint of a run that differs in any of them is not continued.
IDENTITY = ("fine_tune", "epochs", "batch_size", "learning_rate", "patience", "seed", "backbone", "image_size")


def run(arguments: Arguments, process: Process, stop: StopRequest) -> None:
    """Trains, tests once with the best weights, and exports. Raises TrainingError or Interrupted."""
    folders = scan(arguments.data)
    data_digest = verify(folders, process)
    pretrained = None
    if arguments.pretrained is not None:
        pretrained = read_pretrained(arguments.pretrained, arguments.backbone)
    _announce(arguments, process, folders, pretrained)

    torch.manual_seed(arguments.seed)
    learner = build(arguments.backbone, len(folders.class_names), arguments.fine_tune, pretrained)
    identity = {
        **{name: getattr(arguments, name) for name in IDENTITY},
        "world_size": process.world_size,
        "data": data_digest,
        "pretrained": None if pretrained is None else pretrained.sha256,
    }
    training = Training(learner, arguments, process, CheckpointStore(arguments.checkpoint_dir, identity, process), stop)

    preprocessing = Preprocessing.of_size(arguments.image_size)
    splits, batch_size, workers = folders.splits, arguments.batch_size, arguments.workers
    sampler = EpochSampler(len(splits["train"].paths), process, arguments.seed)
    training.fit(
        training_batches(splits["train"], preprocessing, sampler, arguments.seed, batch_size, workers),
        sampler,
        evaluation_batches(splits["valid"], preprocessing, process, batch_size, workers),
        len(folders.class_names),
    )
    process.say(best_line(training.progress.best))

    # The only look at the test images, with the weights that validation chose.
    test_batches = evaluation_batches(splits["test"], preprocessing, process, batch_size, workers)
    test = evaluate(training.model, test_batches, len(folders.class_names), process)
    if process.leads:
        metrics = _metrics(identity, training, test, folders, pretrained, process)
        weights = training.model.state_dict()
        export(arguments.model_dir, weights, arguments.backbone, folders.class_names, preprocessing, metrics)
        history = [asdict(record) for record in training.progress.history]
        write(arguments.output_dir / "history.json", encode(history))
    process.say(test_line(test))


def _announce(arguments: Arguments, process: Process, folders: ImageFolders, pretrained: Pretrained | None) -> None:
    counts = ", ".join(f"{len(split.paths)} {name}" for name, split in folders.splits.items())
    process.say(f"{len(folders.class_names)} classes, {counts} images; {process.world_size} x {process.device.type}")
    if pretrained is not None:
        process.say(f"backbone {arguments.backbone} from {pretrained.file_name}, sha256 {pretrained.sha256}")
        return
    process.say(
        f"WARNING: no pretrained weights. {arguments.backbone} starts from RANDOM weights"
        + (", and its frozen layers will stay random" if arguments.fine_tune != "full" else "")
        + ". Give --pretrained, or the channel pretrained."
    )


def _metrics(
    identity: Mapping[str, Any],
    training: Training,
    test: Evaluation,
    folders: ImageFolders,
    pretrained: Pretrained | None,
    process: Process,
) -> dict[str, Any]:
    best = training.progress.best
    return {
        "format_version": 1,
        "best_epoch": best.epoch,
        "epochs": len(training.progress.history),
        "train": {"loss": best.train_loss},
        "validation": {"loss": best.validation_loss, "accuracy": best.validation_accuracy},
        "test": test.to_json(folders.class_names),
        "images": {name: len(split.paths) for name, split in folders.splits.items()},
        "settings": dict(identity),
        "pretrained": None if pretrained is None else {"file": pretrained.file_name, "sha256": pretrained.sha256},
        "environment": {
            "python": ".".join(map(str, sys.version_info[:3])),
            "torch": torch.__version__,
            "torchvision": torchvision.__version__,
            "device": process.device.type,
        },
    }


def main(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Exit status: 0 trained and exported, 1 refused or failed, 2 bad arguments, 143 interrupted and resumable."""
    arguments = parse(argv, environment)
    stop = StopRequest()
    stop.listen()
    try:
        process = distributed.start(arguments.device, arguments.fine_tune, environment)
        run(arguments, process, stop)
    except Interrupted as interruption:
        print(f"{interruption}; start again with the same arguments to continue", file=sys.stderr, flush=True)
        return EXIT_STATUS
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    distributed.exit_with(lambda: main(sys.argv[1:], os.environ))
