"""The command line of a search. Ranges have the names and defaults of the stack's tuning jobs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from breeds import arguments as training_arguments
from breeds.arguments import Arguments
from breeds.errors import TrainingError
from breeds.space import STRATEGIES, Space, read_space

# Ranking trials needs no augmentation, and one view is what makes the search cheap.
VIEWS = "1"


@dataclass(frozen=True)
class Search:
    """Arguments of a search: `common` holds those all trials share."""

    common: Arguments
    space: Space
    trials: int
    strategy: str
    result: Path


def parse(argv: Sequence[str], environment: Mapping[str, str]) -> Search:
    """Arguments of one search; what is not listed here is an argument of train.py, and shared by all trials."""
    parser = argparse.ArgumentParser(
        prog="breeds.tune",
        description="Searches learning rate and batch size. All other arguments are those of train.py "
        f"(see python train.py --help) and hold for every trial; --views is {VIEWS} unless given.",
        allow_abbrev=False,
    )
    default = Space()
    parser.add_argument(
        "--trials", type=int, default=None, help="number of trials (default: maxJobs of --space, else 20)"
    )
    parser.add_argument(
        "--strategy", choices=STRATEGIES, default=STRATEGIES[0], help="how points are spread (default: sobol)"
    )
    parser.add_argument("--space", type=Path, default=None, help="JSON of a tuning job in the stack's file")
    parser.add_argument("--learning_rate_min", type=float, default=None, help=f"lower end (default: {default.low:g})")
    parser.add_argument("--learning_rate_max", type=float, default=None, help=f"upper end (default: {default.high:g})")
    parser.add_argument("--batch_sizes", default=None, help="sizes to choose from (default: 32,64,128)")
    parser.add_argument(
        "--objective", default=None, help=f"validation:loss or validation:accuracy (default: {default.objective})"
    )
    parser.add_argument(
        "--result", type=Path, default=None, help="table of trials (default: tuning.json in --output_dir)"
    )
    own, rest = parser.parse_known_args(argv)
    if {"--learning_rate", "--batch_size"} & {argument.split("=")[0] for argument in rest}:
        parser.error("--learning_rate and --batch_size are what is searched; give ranges instead")
    space, shared, trials = (default, {}, None) if own.space is None else read_space(own.space)
    space = Space(
        space.low if own.learning_rate_min is None else own.learning_rate_min,
        space.high if own.learning_rate_max is None else own.learning_rate_max,
        space.batch_sizes if own.batch_sizes is None else _sizes(own.batch_sizes),
        space.objective if own.objective is None else own.objective,
    )
    count = own.trials if own.trials is not None else trials if trials is not None else 20
    if not 1 <= count <= 500:
        raise TrainingError(f"--trials is {count}; allowed is a whole number from 1 to 500.")
    given = [part for name, value in shared.items() for part in (f"--{name}", value)]
    common = training_arguments.parse(["--views", VIEWS, *given, *rest], environment)
    return Search(common, space, count, own.strategy, own.result or common.output_dir / "tuning.json")


def _sizes(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(size) for size in text.split(","))
    except ValueError as error:
        raise TrainingError(f"--batch_sizes is {text!r}; allowed are whole numbers with commas between.") from error
