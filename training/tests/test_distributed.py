"""Two processes over loopback, started by torchrun as SageMaker starts them. Does not prove speed-up or nccl."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from conftest import arguments, run

from breeds.arguments import parse
from breeds.checkpoint import CheckpointStore
from breeds.distributed import Process, start
from breeds.errors import TrainingError
from breeds.interruption import StopRequest
from breeds.loop import Training
from breeds.model import build

TRAINING = Path(__file__).parents[1]
MORE = ("--fine_tune", "layer4", "--epochs", "2", "--learning_rate", "0.0005")


def torchrun(program: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nnodes", "1", "--nproc_per_node", "2"]
    place = ["--master_addr", "127.0.0.1", "--master_port", str(port)]
    paths = [str(TRAINING / "tests" / "loopback_only"), str(TRAINING)]
    return subprocess.run(
        [*torchrun, *place, str(program), *argv],
        env={**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_two_processes_give_the_metrics_of_one_with_the_same_global_batch(
    confusing_data: Path, pretrained: Path, tmp_path: Path
) -> None:
    more = (*MORE, "--pretrained", str(pretrained))
    one = run(confusing_data, tmp_path / "one", *more, "--batch_size", "8")

    # Rank 1 is told to stop in step 3 of 6; both must stop there, and both must continue.
    stopped = torchrun(
        TRAINING / "tests" / "stop_rank_one.py",
        *arguments(confusing_data, tmp_path / "two", *more, "--batch_size", "4"),
    )
    assert stopped.returncode != 0
    assert stopped.stderr.count("stopped in epoch 1 after step 3;") == 2, stopped.stderr
    two = torchrun(TRAINING / "train.py", *arguments(confusing_data, tmp_path / "two", *more, "--batch_size", "4"))

    assert two.returncode == 0, two.stderr
    assert "continuing after epoch 0, step 3" in two.stdout
    assert two.stdout.count("epoch=1 train_loss=") == two.stdout.count("test_loss=") == 1
    both = type(one)(0, "", "", tmp_path / "two").metrics()
    single = one.metrics()
    assert both["settings"].pop("world_size") == 2
    assert single["settings"].pop("world_size") == 1
    assert both["settings"].pop("batch_size") * 2 == single["settings"].pop("batch_size")
    for split, name in (("train", "loss"), ("validation", "loss"), ("test", "loss")):
        expected = single[split].pop(name)
        assert expected > 0.2, "a loss near zero would agree with anything"
        assert both[split].pop(name) == pytest.approx(expected, rel=2e-3)
    assert both == single


def test_several_processes_for_the_head_alone_are_refused() -> None:
    with pytest.raises(TrainingError, match="2 processes cannot speed up fine_tune=head"):
        start("cpu", "head", {"WORLD_SIZE": "2", "RANK": "0"})


def test_several_instances_without_torchrun_are_refused() -> None:
    with pytest.raises(TrainingError, match="sagemaker_torch_distributed_enabled"):
        start("cpu", "full", {"SM_HOSTS": '["algo-1", "algo-2"]'})


def test_one_instance_without_torchrun_stands_alone() -> None:
    process = start("cpu", "head", {"SM_HOSTS": '["algo-1"]'})

    assert (process.rank, process.world_size, process.device.type) == (0, 1, "cpu")


def test_random_weights_on_several_cpus_are_refused(tmp_path: Path) -> None:
    process = Process(0, 2, torch.device("cpu"))
    store = CheckpointStore(tmp_path, {}, process)

    with pytest.raises(TrainingError, match="2 processes cannot train random weights on CPUs"):
        Training(build("resnet18", 3, "full", None), parse([], {}), process, store, StopRequest())
