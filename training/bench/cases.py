"""One measurement in a process of its own, pinned to a core: `python -m bench.cases NAME FOLDER CORE`. Prints JSON."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from bench import starter
from bench.images import CLASSES, COUNTS
from breeds import distributed
from breeds.arguments import Arguments, parse
from breeds.checkpoint import CheckpointStore
from breeds.fitting import head_data, prepare, read_inputs
from breeds.interruption import StopRequest
from breeds.recorder import Recorder
from breeds.search_arguments import parse as parse_search
from breeds.tune import search

BATCH = 16


def arguments(folder: Path, name: str, *more: str) -> Arguments:
    """Arguments of a run that keeps its files apart from those of the other measurements."""
    places = {
        "--data": folder / "dogImages",
        "--pretrained": folder / "resnet50.safetensors",
        "--model_dir": folder / name / "model",
        "--output_dir": folder / name / "data",
        "--checkpoint_dir": folder / name / "checkpoints",
        "--feature_dir": folder / name / "features",
    }
    words = [word for option, place in places.items() for word in (option, str(place))]
    return parse(["--batch_size", str(BATCH), "--device", "cpu", "--workers", "1", *words, *more], {})


def end_to_end(folder: Path) -> dict[str, Any]:
    """One epoch of the head through the frozen backbone, validation included."""
    return _fit(arguments(folder, "end-to-end", "--views", "0", "--epochs", "1"))


def features(folder: Path) -> dict[str, Any]:
    """One pass of the images through the backbone into the cache, then an epoch of the head on what is there."""
    values = arguments(folder, "features", "--views", "1", "--epochs", "50", "--patience", "50")
    process = distributed.start("cpu", "head", {})
    inputs = read_inputs(values, process)
    learner = inputs.learner(values)
    with _Clock() as one_pass:
        data = head_data(values, inputs, learner, process, StopRequest())
    with _Clock() as epochs:
        store = CheckpointStore(values.checkpoint_dir, {}, process)
        prepare(values, inputs, learner, process, store, StopRequest(), data).run()
    return {
        "pass_seconds": one_pass.seconds,
        "pass_cpu_seconds": one_pass.cpu_seconds,
        "seconds": epochs.seconds / 50,
        "cpu_seconds": epochs.cpu_seconds / 50,
    }


def tuning(folder: Path) -> dict[str, Any]:
    """Twenty trials of ten epochs, all files read and the cache empty."""
    values = arguments(folder, "tuning", "--views", "1", "--epochs", "10", "--patience", "10")
    options = replace(parse_search(["--trials", "20", "--batch_sizes", "8,16,32"], {}), common=values)
    with _Clock() as clock:
        process = distributed.start("cpu", "head", {})
        search(replace(options, result=folder / "tuning.json"), process, StopRequest())
    return {"trials": 20, "epochs": 10, "seconds": clock.seconds, "cpu_seconds": clock.cpu_seconds}


def full(folder: Path) -> dict[str, Any]:
    """One epoch of the full network on this process's share of the images."""
    recording = 0.0
    gradients = Recorder.gradients

    def timed(self: Recorder, scale: float) -> None:
        nonlocal recording
        begun = time.perf_counter()
        gradients(self, scale)
        recording += time.perf_counter() - begun

    Recorder.gradients = timed  # type: ignore[method-assign]
    more = ("--fine_tune", "full", "--epochs", "1", "--learning_rate", "1e-5")
    outcome = _fit(arguments(folder, f"full-{os.environ.get('WORLD_SIZE', '1')}", *more))
    return {**outcome, "recording_seconds": recording}


def starter_loop(folder: Path) -> dict[str, Any]:
    """The starter's loop on the same images, asked for three epochs."""
    torch.manual_seed(1)
    model = starter.network(load_file(folder / "resnet50.safetensors"), CLASSES)
    batches = starter.loaders(folder / "dogImages", BATCH)
    before = {name: value.clone() for name, value in model.state_dict().items() if not name.startswith("fc.")}
    outcome = starter.train(model, batches, 3, 0.005)
    after = model.state_dict()
    changed = sum(not torch.equal(value, after[name]) for name, value in before.items())
    return {**outcome, "frozen_tensors_changed": changed, "frozen_tensors": len(before)}


class _Clock:
    seconds = cpu_seconds = 0.0

    def __enter__(self) -> _Clock:
        self.begun = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_error: object) -> None:
        self.seconds = time.perf_counter() - self.begun[0]
        self.cpu_seconds = time.process_time() - self.begun[1]


def _fit(values: Arguments) -> dict[str, Any]:
    process = distributed.start("cpu", values.fine_tune, os.environ)
    inputs = read_inputs(values, process)
    store = CheckpointStore(values.checkpoint_dir, {}, process)
    fit = prepare(values, inputs, inputs.learner(values), process, store, StopRequest())
    with _Clock() as clock:
        progress = fit.run()
    return {
        "seconds": clock.seconds,
        "cpu_seconds": clock.cpu_seconds,
        "training_seconds": COUNTS["train"] / progress.best.images_per_second,
        "data_wait_percent": progress.best.data_wait_percent,
    }


CASES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "end_to_end": end_to_end,
    "features": features,
    "tuning": tuning,
    "full": full,
    "starter_loop": starter_loop,
}


def main() -> int:
    """Measures one case."""
    name, folder, core = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    torch.set_num_threads(1)
    # The program's own lines belong to its log.
    with contextlib.redirect_stdout(sys.stderr):
        outcome = CASES[name](Path(folder))
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({**outcome, "peak_memory_mib": kibibytes / 1024}))
    return 0


if __name__ == "__main__":
    distributed.exit_with(main)
