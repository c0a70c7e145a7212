"""A search for learning rate and batch size on this machine: `python -m breeds.tune --trials 20 --data dogImages`.

It searches what the stack's tuning jobs search, on the validation split; test images are never opened. Trials of a
head share the features of the backbone, so that twenty of them cost little more than one pass over the images.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from breeds import distributed
from breeds.arguments import Arguments
from breeds.checkpoint import CheckpointStore, NoCheckpoints
from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.export import encode, write
from breeds.features import HeadData
from breeds.fitting import Inputs, head_data, prepare, read_inputs, uses_features
from breeds.interruption import EXIT_STATUS, Interrupted, StopRequest
from breeds.search_arguments import Search, parse
from breeds.space import Point

FORMAT_VERSION = 1


def search(options: Search, process: Process, stop: StopRequest) -> dict[str, Any]:
    """Runs the trials that `options.result` does not hold yet and writes it after each. Raises TrainingError for
    data that cannot be trained on, if no trial succeeds, or if the file is that of another search."""
    if process.world_size > 1:
        raise TrainingError("a search takes one process; start it without torchrun.")
    inputs = read_inputs(options.common, process)
    identity = _identity(options, inputs, process)
    done = _resume(options, identity)
    trials = _Trials(options.common, inputs, process, stop)
    points = options.space.points(options.trials, options.strategy, options.common.seed)
    result: dict[str, Any] = {"format_version": FORMAT_VERSION, "search": identity, "trials": done[: len(points)]}
    for number, point in enumerate(points[len(done) :], len(done) + 1):
        trial = {"trial": number, **trials.run(number, point)}
        result["trials"] = [*result["trials"], trial]
        write(options.result, encode(result))
        process.say(" ".join(f"{name}={_shown(value)}" for name, value in trial.items()))
    result["best"] = best_trial(result["trials"], options.space.objective)
    write(options.result, encode(result))
    if result["best"] is None:
        raise TrainingError(f"none of {len(points)} trials gave a loss; see {options.result}. Take lower rates.")
    return result


def best_trial(trials: Sequence[Mapping[str, Any]], objective: str) -> dict[str, Any] | None:
    """The trial with the lowest validation loss or highest accuracy, the earlier of equals; None without any."""
    name, sign = ("validation_loss", 1) if objective == "validation:loss" else ("validation_accuracy", -1)
    valid = [trial for trial in trials if trial["error"] is None]
    return dict(min(valid, key=lambda trial: sign * trial[name])) if valid else None


class _Trials:
    """Trials that share what does not depend on them: inputs and, for a head, model and features."""

    def __init__(self, common: Arguments, inputs: Inputs, process: Process, stop: StopRequest) -> None:
        self.common, self.inputs, self.process, self.stop = common, inputs, process, stop
        self.learner = inputs.learner(common)
        self.data: HeadData | None = None
        # Every trial starts from the head that train.py would start from.
        self.head = {name: value.clone() for name, value in self.learner.model.get_submodule("fc").state_dict().items()}

    def run(self, number: int, point: Point) -> dict[str, Any]:
        begun = time.perf_counter()
        values = replace(self.common, learning_rate=point.learning_rate, batch_size=point.batch_size)
        if uses_features(values):
            if self.data is None:
                self.learner.model.to(self.process.device)
                self.data = head_data(values, self.inputs, self.learner, self.process, self.stop)
            self.learner.model.get_submodule("fc").load_state_dict(self.head)
            fit = prepare(values, self.inputs, self.learner, self.process, NoCheckpoints(), self.stop, self.data)
        else:
            folder = values.checkpoint_dir / f"trial-{number:03}"
            store = CheckpointStore(folder, self.inputs.identity(values, self.process), self.process)
            fit = prepare(values, self.inputs, self.inputs.learner(values), self.process, store, self.stop)
        outcome: dict[str, Any] = {"error": None}
        try:
            progress = fit.run()
            outcome |= {
                "epochs": len(progress.history),
                "best_epoch": progress.best.epoch,
                "train_loss": progress.best.train_loss,
                "validation_loss": progress.best.validation_loss,
                "validation_accuracy": progress.best.validation_accuracy,
            }
        except TrainingError as error:
            outcome["error"] = str(error)
        return {**asdict(point), **outcome, "seconds": time.perf_counter() - begun}


def _identity(options: Search, inputs: Inputs, process: Process) -> dict[str, Any]:
    shared = inputs.identity(options.common, process)
    del shared["learning_rate"], shared["batch_size"]
    return {"space": options.space.to_json(), "strategy": options.strategy, "settings": shared}


def _resume(options: Search, identity: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not options.result.exists():
        return []
    try:
        former = json.loads(options.result.read_bytes())
        same, trials = former["search"] == identity, list(former["trials"])
    except (ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{options.result} is not the result of a search. Delete it to start again.") from error
    if not same:
        raise TrainingError(
            f"{options.result} is the result of another search (space, settings, data or weights differ). "
            "Give --result another file, or delete it to start again."
        )
    return trials


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def main(argv: Sequence[str], environment: Mapping[str, str]) -> int:
    """Exit status as train.py's: 0 done, 1 refused or failed, 2 bad arguments, 143 interrupted and resumable."""
    stop = StopRequest()
    stop.listen()
    try:
        options = parse(argv, environment)
        process = distributed.start(options.common.device, options.common.fine_tune, environment)
        best = search(options, process, stop)["best"]
    except Interrupted as interruption:
        print(f"{interruption}; start again with the same arguments to continue", file=sys.stderr, flush=True)
        return EXIT_STATUS
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)
        return 1
    print(f"best: trial {best['trial']} of {options.trials}, in {options.result}")
    values = ["--learning_rate", str(best["learning_rate"]), "--batch_size", str(best["batch_size"])]
    print(shlex.join(["python", "train.py", "--fine_tune", options.common.fine_tune, *values]))
    return 0


if __name__ == "__main__":
    distributed.exit_with(lambda: main(sys.argv[1:], os.environ))
