"""What a search tries: ranges as the stack's tuning jobs declare them, and points spread over them."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch.quasirandom import SobolEngine

from breeds.errors import TrainingError

OBJECTIVES = ("validation:loss", "validation:accuracy")
STRATEGIES = ("sobol", "random")
# Keys of a tuning job in the stack's file that say where it runs and what it may cost, not what it searches.
ELSEWHERE = {
    *("earlyStopping", "instanceCount", "instanceType", "market", "maxParallelJobs", "maxRuntimeMinutes"),
    *("retryAttempts", "strategy", "volumeEncryption", "volumeSizeGiB"),
}
HYPERPARAMETERS = {"fineTune": "fine_tune", "epochs": "epochs", "patience": "patience", "seed": "seed"}


@dataclass(frozen=True)
class Point:
    """The values of one trial."""

    learning_rate: float
    batch_size: int


@dataclass(frozen=True)
class Space:
    """Learning rates from `low` to `high` on a logarithmic scale, and batch sizes; defaults are the stack's."""

    low: float = 1e-4
    high: float = 1e-2
    batch_sizes: tuple[int, ...] = (32, 64, 128)
    objective: str = "validation:loss"

    def __post_init__(self) -> None:
        """Raises TrainingError for a range that holds nothing."""
        if not 1e-6 <= self.low < self.high <= 1:
            raise TrainingError(
                f"the learning rate is to be searched from {self.low!r} to {self.high!r}; allowed is a lower and a "
                "higher number from 1e-06 to 1."
            )
        sizes = self.batch_sizes
        if not sizes or len(set(sizes)) < len(sizes) or not all(1 <= size <= 4096 for size in sizes):
            raise TrainingError(f"batch sizes are {list(sizes)}; allowed are distinct whole numbers from 1 to 4096.")
        if self.objective not in OBJECTIVES:
            raise TrainingError(f"the objective is {self.objective!r}; allowed is {' or '.join(OBJECTIVES)}.")

    def points(self, count: int, strategy: str, seed: int) -> list[Point]:
        """The first `count` points: a Sobol sequence leaves no large gap, where independent draws do.

        More trials begin with the same points, so that a search can be made longer.
        """
        if strategy == "sobol":
            sobol = SobolEngine(2, scramble=True, seed=seed)  # type: ignore[no-untyped-call]
            draws = sobol.draw(count).tolist()
        else:
            rng = random.Random(seed)
            draws = [[rng.random(), rng.random()] for _ in range(count)]
        return [self._point(across, down) for across, down in draws]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "batch_sizes": list(self.batch_sizes)}

    def _point(self, across: float, down: float) -> Point:
        exponent = math.log10(self.low) + across * (math.log10(self.high) - math.log10(self.low))
        # Five digits, so that the value in the result can be given to train.py and is the one that was tried.
        rate = min(max(float(f"{10**exponent:.5g}"), self.low), self.high)
        place = min(int(down * len(self.batch_sizes)), len(self.batch_sizes) - 1)
        return Point(rate, self.batch_sizes[place])


def read_space(file: Path) -> tuple[Space, dict[str, str], int | None]:
    """The space, arguments of train.py and number of trials that a tuning job of the stack's file declares, as JSON:
    `{"learningRate": {"min": 1e-4, "max": 1e-2}, "batchSizes": [32, 64], "maxJobs": 10, "hyperparameters": {…}}`.
    """
    try:
        values = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise TrainingError(f"--space {file} cannot be read as JSON ({error}).") from error
    known = {"learningRate", "batchSizes", "objective", "hyperparameters", "maxJobs"}
    _only(file, values, known | ELSEWHERE)
    rate, shared = values.get("learningRate", {}), values.get("hyperparameters", {})
    _only(file, rate, {"min", "max"})
    _only(file, shared, set(HYPERPARAMETERS))
    default = Space()
    try:
        space = Space(
            float(rate.get("min", default.low)),
            float(rate.get("max", default.high)),
            tuple(int(size) for size in values.get("batchSizes", default.batch_sizes)),
            str(values.get("objective", default.objective)),
        )
        trials = None if values.get("maxJobs") is None else int(values["maxJobs"])
    except (TypeError, ValueError) as error:
        raise TrainingError(f"--space {file}: {error}.") from error
    return space, {HYPERPARAMETERS[name]: str(value) for name, value in shared.items()}, trials


def _only(file: Path, values: Any, allowed: set[str]) -> None:
    if not isinstance(values, Mapping):
        raise TrainingError(f"--space {file}: {values!r} is not an object of keys and values.")
    unknown = sorted(set(values) - allowed)
    if unknown:
        raise TrainingError(f"--space {file}: unknown {', '.join(unknown)}; known are {', '.join(sorted(allowed))}.")
