"""The search on the tiny data set. Does not prove that the best trial is the best on real photographs."""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import shutil
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import arguments, run
from torch import nn

from breeds import tune
from breeds.errors import TrainingError
from breeds.loop import Training
from breeds.search_arguments import parse
from breeds.space import Space, read_space
from breeds.tune import best_trial

MORE = ("--epochs", "3", "--seed", "5", "--batch_sizes", "8,16", "--learning_rate_max", "0.1")


@dataclass(frozen=True)
class Searched:
    status: int
    stdout: str
    stderr: str
    file: Path

    def result(self) -> dict[str, Any]:
        values: dict[str, Any] = json.loads(self.file.read_text())
        return values

    def timeless(self) -> list[dict[str, Any]]:
        return [
            {name: value for name, value in trial.items() if name != "seconds"} for trial in self.result()["trials"]
        ]


def search(data: Path, folder: Path, *more: str) -> Searched:
    out, err = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = tune.main(arguments(data, folder, *more), {})
    finally:
        signal.signal(signal.SIGTERM, before)
    return Searched(status, out.getvalue(), err.getvalue(), folder / "data" / "tuning.json")


@pytest.fixture(scope="module")
def poisoned_data(confusing_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No test image can be opened."""
    root = shutil.copytree(confusing_data, tmp_path_factory.mktemp("poisoned") / "dogImages")
    for path in (root / "test").rglob("*.jpg"):
        path.write_bytes(b"poison " + path.name.encode())
    return root


@pytest.fixture(scope="module")
def searched(poisoned_data: Path, pretrained: Path, tmp_path_factory: pytest.TempPathFactory) -> Searched:
    folder = tmp_path_factory.mktemp("searched")
    return search(poisoned_data, folder, *MORE, "--trials", "6", "--pretrained", str(pretrained))


def test_a_search_finds_the_best_trial_and_never_opens_a_test_image(searched: Searched) -> None:
    result = searched.result()

    assert searched.status == 0, searched.stderr
    assert [trial["trial"] for trial in result["trials"]] == [1, 2, 3, 4, 5, 6]
    assert result["best"]["validation_loss"] == min(trial["validation_loss"] for trial in result["trials"])
    assert len({trial["validation_loss"] for trial in result["trials"]}) > 3
    best = result["best"]
    expected = f"--learning_rate {best['learning_rate']} --batch_size {best['batch_size']}"
    assert searched.stdout.splitlines()[-1] == f"python train.py --fine_tune head {expected}"
    assert "test" not in json.dumps(result["trials"])


def test_training_with_the_values_of_a_trial_gives_its_numbers(
    searched: Searched, confusing_data: Path, pretrained: Path, tmp_path: Path
) -> None:
    for trial in searched.result()["trials"][:2]:
        values = ("--learning_rate", str(trial["learning_rate"]), "--batch_size", str(trial["batch_size"]))
        more = ("--epochs", "3", "--seed", "5", "--views", "1", "--pretrained", str(pretrained))
        outcome = run(confusing_data, tmp_path / str(trial["trial"]), *values, *more)

        assert outcome.metrics()["validation"] == {
            "loss": trial["validation_loss"],
            "accuracy": trial["validation_accuracy"],
        }
        assert outcome.metrics()["best_epoch"] == trial["best_epoch"]


def test_all_trials_together_run_each_image_through_the_backbone_once(
    poisoned_data: Path, pretrained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images: Counter[str] = Counter()
    forward = nn.MaxPool2d.forward

    def counted(self: nn.MaxPool2d, inputs: Any) -> Any:
        images["seen"] += len(inputs)
        return forward(self, inputs)

    monkeypatch.setattr(nn.MaxPool2d, "forward", counted)
    searched = search(poisoned_data, tmp_path, *MORE, "--trials", "20", "--pretrained", str(pretrained))

    assert len(searched.result()["trials"]) == 20
    assert images["seen"] == 42 + 17


def test_a_stopped_search_continues_with_the_trial_it_stopped_in(
    searched: Searched, poisoned_data: Path, pretrained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, count = Training._step, iter(range(1, 1000))

    def terminated(*parts: object) -> float:
        if next(count) == 25:
            os.kill(os.getpid(), signal.SIGTERM)
        return step(*parts)  # type: ignore[arg-type]

    more = (*MORE, "--trials", "6", "--pretrained", str(pretrained))
    with monkeypatch.context() as patched:
        patched.setattr(Training, "_step", terminated)
        stopped = search(poisoned_data, tmp_path, *more)
    assert stopped.status == 143
    done = len(stopped.result()["trials"])
    assert 1 <= done < 6

    resumed = search(poisoned_data, tmp_path, *more)

    assert resumed.status == 0, resumed.stderr
    assert resumed.stdout.count("trial=") == 6 - done
    assert resumed.timeless() == searched.timeless()


def test_more_trials_begin_with_the_same_points_and_another_search_is_refused(
    searched: Searched, poisoned_data: Path, pretrained: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(searched.file, tmp_path / "data")
    longer = search(poisoned_data, tmp_path, *MORE, "--trials", "7", "--pretrained", str(pretrained))
    other = search(poisoned_data, tmp_path, *MORE, "--epochs", "2", "--pretrained", str(pretrained))

    assert longer.timeless()[:6] == searched.timeless()
    assert longer.stdout.count("trial=") == 1
    assert other.status == 1
    assert "is the result of another search" in other.stderr


def test_a_trial_that_diverges_is_recorded_and_does_not_end_the_search(
    poisoned_data: Path, pretrained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, count = Training._step, iter(range(1, 1000))
    monkeypatch.setattr(
        Training,
        "_step",
        lambda *parts: math.nan if next(count) == 1 else step(*parts),
    )
    searched = search(poisoned_data, tmp_path, *MORE, "--trials", "2", "--pretrained", str(pretrained))
    first, second = searched.result()["trials"]

    assert searched.status == 0
    assert first["error"].startswith("the training loss became nan in epoch 1 at learning rate")
    assert searched.result()["best"] == second


def test_the_network_itself_is_searched_trial_by_trial_with_checkpoints(
    poisoned_data: Path, pretrained: Path, tmp_path: Path
) -> None:
    more = ("--fine_tune", "layer4", "--trials", "1", "--epochs", "1", "--batch_sizes", "21")
    searched = search(poisoned_data, tmp_path, *more, "--pretrained", str(pretrained))

    assert searched.status == 0, searched.stderr
    assert (tmp_path / "checkpoints" / "trial-001" / "checkpoint.pt").exists()
    assert searched.result()["best"]["batch_size"] == 21


@pytest.mark.parametrize("strategy", ["sobol", "random"])
def test_points_lie_in_the_space_and_spread_over_the_logarithm_and_the_sizes(strategy: str) -> None:
    space = Space(1e-5, 1e-1, (16, 32, 64))
    points = space.points(64, strategy, seed=1)

    assert points == space.points(128, strategy, seed=1)[:64]
    assert points != space.points(64, strategy, seed=2)
    assert all(1e-5 <= point.learning_rate <= 1e-1 for point in points)
    decades = Counter(math.floor(math.log10(point.learning_rate)) for point in points)
    least = 15 if strategy == "sobol" else 8
    assert set(decades) == {-5, -4, -3, -2}
    assert min(decades.values()) >= least
    assert min(Counter(point.batch_size for point in points).values()) >= least


def test_the_space_is_that_of_a_tuning_job_in_the_stack(tmp_path: Path) -> None:
    declared = {
        "instanceType": "ml.m5.xlarge",
        "maxRuntimeMinutes": 60,
        "maxJobs": 12,
        "learningRate": {"min": 2e-4, "max": 5e-2},
        "batchSizes": [16, 64],
        "objective": "validation:accuracy",
        "hyperparameters": {"fineTune": "layer4", "epochs": 7, "seed": 9},
    }
    (tmp_path / "space.json").write_text(json.dumps(declared))

    options = parse(["--space", str(tmp_path / "space.json"), "--epochs", "8"], {})

    assert options.space == Space(2e-4, 5e-2, (16, 64), "validation:accuracy")
    assert (options.trials, options.common.fine_tune, options.common.epochs, options.common.seed) == (
        12,
        "layer4",
        8,
        9,
    )
    assert parse(["--space", str(tmp_path / "space.json"), "--trials", "3"], {}).trials == 3


def test_defaults_are_those_of_the_stack_and_twenty_trials_on_one_view() -> None:
    options = parse([], {})

    assert options.space == Space(1e-4, 1e-2, (32, 64, 128), "validation:loss")
    assert (options.trials, options.strategy, options.common.views) == (20, "sobol", 1)
    assert options.result == Path("output/data/tuning.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "is not an object"),
        ('{"learningrate": {}}', "unknown learningrate; known are batchSizes"),
        ('{"learningRate": {"lower": 1}}', "unknown lower; known are max, min"),
        ('{"learningRate": {"min": 0.1, "max": 0.01}}', "searched from 0.1 to 0.01"),
        ('{"learningRate": {"min": "x"}}', "could not convert string to float"),
        ('{"batchSizes": []}', r"batch sizes are \[\]; allowed are distinct whole numbers"),
        ('{"batchSizes": [8, 8]}', r"batch sizes are \[8, 8\]"),
        ('{"objective": "test:loss"}', "the objective is 'test:loss'; allowed is validation:loss or"),
    ],
)
def test_a_space_that_is_none_is_refused_with_what_is_allowed(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "space.json").write_text(content)

    with pytest.raises(TrainingError, match=message):
        read_space(tmp_path / "space.json")


def test_a_fixed_learning_rate_cannot_be_searched(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        parse(["--learning_rate", "0.1"], {})

    assert refusal.value.code == 2
    assert "are what is searched; give ranges instead" in capsys.readouterr().err


def test_the_best_trial_is_the_earliest_of_equals_and_never_a_failed_one() -> None:
    trials: list[dict[str, Any]] = [
        {"trial": 1, "error": "diverged"},
        {"trial": 2, "error": None, "validation_loss": 0.5, "validation_accuracy": 0.7},
        {"trial": 3, "error": None, "validation_loss": 0.4, "validation_accuracy": 0.6},
        {"trial": 4, "error": None, "validation_loss": 0.4, "validation_accuracy": 0.7},
    ]

    found = [best_trial(trials, objective) for objective in ("validation:loss", "validation:accuracy")]

    assert [trial and trial["trial"] for trial in found] == [3, 2]
    assert best_trial(trials[:1], "validation:loss") is None
