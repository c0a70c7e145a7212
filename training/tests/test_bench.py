"""What the benchmark makes of its measurements. Says nothing about speed."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from bench import starter
from bench.__main__ import ratios


def measured(**changes: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    one = {"seconds": 55.0, "cpu_seconds": 50.0, "training_seconds": 40.0, "data_wait_percent": 2.0}
    share = {"seconds": 30.0, "cpu_seconds": 26.0, "training_seconds": 21.0, "data_wait_percent": 2.0}
    values: dict[str, list[dict[str, Any]]] = {
        "end_to_end": [{"seconds": 20.0, "cpu_seconds": 19.0}],
        "features": [{"pass_seconds": 22.0, "pass_cpu_seconds": 20.0, "seconds": 0.02, "cpu_seconds": 0.01}],
        "tuning": [{"seconds": 27.5, "cpu_seconds": 25.0}],
        "starter_loop": [{"seconds": 30.0, "cpu_seconds": 29.0}],
        "full_1": [{**one, "recording_seconds": 0.4}],
        "full_2": [share, {**share, "training_seconds": 20.0, "cpu_seconds": 25.0}],
    }
    for name, change in changes.items():
        values[name] = [{**values[name][0], **change}, *values[name][1:]]
    return values


def test_ratios_are_those_of_the_same_run_and_the_slower_process_counts() -> None:
    found = ratios(measured())

    assert found["head_epoch_on_features_times_faster"]["wall"] == pytest.approx(1000)
    assert found["head_epoch_on_features_times_faster"]["cpu"] == pytest.approx(1900)
    assert found["search_of_20_trials_in_forward_passes"]["wall"] == pytest.approx(1.25)
    assert found["two_processes_times_faster"]["wall"] == pytest.approx(40 / 21)
    assert found["two_processes_times_faster"]["cpu"] == pytest.approx(50 / 26)
    assert found["recording_percent_of_epoch"]["wall"] == pytest.approx(1)
    assert found["starter_epoch_in_epochs_on_features"]["wall"] == pytest.approx(1500)
    assert {name for name, one in found.items() if one.get("met_by_wall") is False} == set()


@pytest.mark.parametrize(
    ("ratio", "case", "change"),
    [
        ("head_epoch_on_features_times_faster", "features", {"seconds": 0.21}),
        ("search_of_20_trials_in_forward_passes", "tuning", {"seconds": 29.0}),
        ("two_processes_times_faster", "full_2", {"training_seconds": 25.1}),
        ("data_wait_percent_of_step", "full_1", {"data_wait_percent": 10.0}),
    ],
)
def test_a_ratio_that_misses_its_target_says_so(ratio: str, case: str, change: dict[str, Any]) -> None:
    found = ratios(measured(**{case: change}))

    assert {name for name, one in found.items() if one.get("met_by_wall") is False} == {ratio}


def test_the_starter_loop_has_the_defects_it_is_compared_for() -> None:
    torch.manual_seed(2)
    model = nn.Sequential()
    model.add_module("bn1", nn.BatchNorm1d(4).requires_grad_(False))
    model.add_module("fc", nn.Linear(4, 3))
    images = TensorDataset(torch.randn(10, 4), torch.randint(0, 3, (10,)))
    batches: dict[str, DataLoader[Any]] = {name: DataLoader(images, batch_size=4) for name in ("train", "valid")}

    outcome = starter.train(model, batches, epochs=3, learning_rate=0.1)

    assert (outcome["epochs_asked"], outcome["epochs_run"]) == (3, 1)
    assert outcome["reported_validation_loss"] == int(outcome["reported_validation_loss"]), "a floored loss"
    assert not torch.equal(model.get_buffer("bn1.running_mean"), torch.zeros(4)), "a frozen layer that changed"
