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
from breeds.data import evaluation_batches
from breeds.diagnosis import Observed
from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.evaluation import evaluate
from breeds.export import encode, export, write
from breeds.fitting import Fit, prepare, read_inputs, uses_features
from breeds.folders import ImageFolders
from breeds.interruption import EXIT_STATUS, Interrupted, StopRequest
from breeds.metrics import EpochRecord, Evaluation, best_line, test_line
from breeds.model import Pretrained
from breeds.report import write_report
from breeds.serve.package import serving_files


def run(arguments: Arguments, process: Process, stop: StopRequest) -> None:
    """Trains, tests once with the best weights, and exports. Raises TrainingError or Interrupted."""
    inputs = read_inputs(arguments, process)
    folders = inputs.folders
    _announce(arguments, process, folders, inputs.pretrained)

    learner = inputs.learner(arguments)
    identity = inputs.identity(arguments, process)
    store = CheckpointStore(arguments.checkpoint_dir, identity, process)
    fit = prepare(arguments, inputs, learner, process, store, stop)
    try:
        progress = fit.run()
    except TrainingError as error:
        _report(arguments, fit, process, str(error))
        raise
    _report(arguments, fit, process, None)
    process.say(best_line(progress.best))

    # The only look at the test images, with the weights that validation chose.
    model, classes = learner.model, inputs.classes
    batches = evaluation_batches(
        folders.splits["test"], inputs.preprocessing, process, arguments.batch_size, arguments.workers
    )
    test = evaluate(model, batches, classes, process)
    if process.leads:
        metrics = _metrics(identity, progress.best, len(progress.history), test, folders, inputs.pretrained, process)
        weights = model.state_dict()
        export(
            *(arguments.model_dir, weights, arguments.backbone, folders.class_names, inputs.preprocessing, metrics),
            more=serving_files(),
        )
        history = [asdict(record) for record in progress.history]
        write(arguments.output_dir / "history.json", encode(history))
    process.say(test_line(test))


def _report(arguments: Arguments, fit: Fit, process: Process, failure: str | None) -> None:
    if not process.leads:
        return
    recorder = fit.training.recorder
    findings = write_report(
        arguments.output_dir,
        Observed(
            tuple(fit.training.progress.history),
            tuple(recorder.samples),
            fit.classes,
            recorder.silent_share(),
            failure,
            uses_features(arguments),
        ),
    )
    for finding in findings:
        process.say(f"warning: {finding.rule}: {finding.message} {finding.advice}")


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
    best: EpochRecord,
    epochs: int,
    test: Evaluation,
    folders: ImageFolders,
    pretrained: Pretrained | None,
    process: Process,
) -> dict[str, Any]:
    return {
        "format_version": 1,
        "best_epoch": best.epoch,
        "epochs": epochs,
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
