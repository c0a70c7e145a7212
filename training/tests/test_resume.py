"""Interrupted runs, in this process with a real SIGTERM and as a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from conftest import Outcome, arguments, run

from breeds.checkpoint import FILE_NAME
from breeds.loop import Training

# 42 training images in batches of 8: six steps to an epoch, the last of them uneven.
MORE = ("--fine_tune", "layer4", "--epochs", "2", "--batch_size", "8", "--learning_rate", "0.001")


@pytest.fixture(scope="module")
def uninterrupted(confusing_data: Path, pretrained: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run(confusing_data, tmp_path_factory.mktemp("uninterrupted"), *MORE, "--pretrained", str(pretrained))


def assert_same(resumed: Outcome, uninterrupted: Outcome) -> None:
    weights, losses = resumed.last_state()
    expected_weights, expected_losses = uninterrupted.last_state()

    assert losses == expected_losses
    assert all(torch.equal(weights[name], value) for name, value in expected_weights.items())
    assert resumed.weights() == uninterrupted.weights()


def after_step(monkeypatch: pytest.MonkeyPatch, number: int, action: object) -> None:
    """Calls `action` within the step of that number, counted over the whole run."""
    step, count = Training._step, iter(range(1, 1000))

    def counted(*parts: object) -> float:
        loss = step(*parts)  # type: ignore[arg-type]
        if next(count) == number:
            action()  # type: ignore[operator]
        return loss

    monkeypatch.setattr(Training, "_step", counted)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("step", [1, 8, 12], ids=["first step", "mid-epoch", "last step of an epoch"])
def test_a_run_stopped_by_sigterm_continues_to_the_same_weights(
    step: int,
    confusing_data: Path,
    pretrained: Path,
    tmp_path: Path,
    uninterrupted: Outcome,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    more = (*MORE, "--pretrained", str(pretrained))
    with monkeypatch.context() as patched:
        after_step(patched, step, terminate)
        stopped = run(confusing_data, tmp_path, *more)
    assert stopped.status == 143
    assert f"stopped in epoch {(step + 5) // 6}" in stopped.stderr
    assert not (tmp_path / "model").exists()

    resumed = run(confusing_data, tmp_path, *more)

    assert resumed.status == 0, resumed.stderr
    assert_same(resumed, uninterrupted)
    assert resumed.metrics() == uninterrupted.metrics()


def test_a_run_that_was_killed_continues_after_its_last_epoch(
    confusing_data: Path, pretrained: Path, tmp_path: Path, uninterrupted: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (*MORE, "--pretrained", str(pretrained))

    def die() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        after_step(patched, 9, die)
        run(confusing_data, tmp_path, *more)

    resumed = run(confusing_data, tmp_path, *more)

    assert "continuing after epoch 1, step 0" in resumed.stdout
    assert_same(resumed, uninterrupted)


def test_the_same_run_twice_gives_the_same_bytes(
    confusing_data: Path, pretrained: Path, tmp_path: Path, uninterrupted: Outcome
) -> None:
    again = run(confusing_data, tmp_path, *MORE, "--workers", "1", "--pretrained", str(pretrained))

    names = ["class_to_idx.json", "manifest.json", "metrics.json", "model.safetensors", "preprocessing.json"]
    for name in names:
        assert (again.folder / "model" / name).read_bytes() == (uninterrupted.folder / "model" / name).read_bytes()


def test_a_failed_write_leaves_the_previous_checkpoint(
    confusing_data: Path, pretrained: Path, tmp_path: Path, uninterrupted: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = (*MORE, "--pretrained", str(pretrained))
    calls = iter(range(10))

    def full_disk(_descriptor: int) -> None:
        if next(calls) == 1:
            raise OSError("no space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="no space left"):
        patched.setattr(os, "fsync", full_disk)
        run(confusing_data, tmp_path, *more)

    resumed = run(confusing_data, tmp_path, *more)

    assert "continuing after epoch 1, step 0" in resumed.stdout
    assert_same(resumed, uninterrupted)


def test_a_checkpoint_of_another_run_is_refused(own_data: Path, pretrained: Path, tmp_path: Path) -> None:
    assert run(own_data, tmp_path, "--epochs", "1", "--pretrained", str(pretrained)).status == 0

    other = run(own_data, tmp_path, "--epochs", "2", "--seed", "5", "--pretrained", str(pretrained))

    assert other.status == 1
    assert "belongs to another run: epochs was 1, is 2; seed was 1, is 5." in other.stderr


def test_a_damaged_checkpoint_is_named(own_data: Path, pretrained: Path, tmp_path: Path) -> None:
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / FILE_NAME).write_bytes(b"half a file")

    outcome = run(own_data, tmp_path, "--epochs", "1", "--pretrained", str(pretrained))

    assert outcome.status == 1
    assert "checkpoint.pt is damaged" in outcome.stderr


def test_a_process_with_workers_saves_when_its_whole_group_is_told_to_stop(
    confusing_data: Path, pretrained: Path, tmp_path: Path, uninterrupted: Outcome
) -> None:
    more = (*MORE, "--pretrained", str(pretrained), "--workers", "1", "--epochs", "1000", "--patience", "100")
    program = Path(__file__).parents[1] / "train.py"
    command = [sys.executable, str(program), *arguments(confusing_data, tmp_path, *more)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        while not process.stdout.readline().startswith(b"epoch=1 "):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)

    assert process.returncode == 143, stderr
    assert b"start again with the same arguments to continue" in stderr
    assert (tmp_path / "checkpoints" / FILE_NAME).exists()
