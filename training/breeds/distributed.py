"""One process or many. torchrun's environment variables decide; without them there is one process.

https://docs.pytorch.org/docs/stable/elastic/run.html#environment-variables
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from breeds.errors import TrainingError


@dataclass(frozen=True)
class Process:
    """This process among `world_size`; rank 0 alone prints and writes."""

    rank: int
    world_size: int
    device: torch.device

    @property
    def leads(self) -> bool:
        """Whether this is the process that prints and writes."""
        return self.rank == 0

    def say(self, line: str) -> None:
        """Prints on rank 0, at once, since metrics are read from the log while the job runs."""
        if self.leads:
            print(line, flush=True)

    def total(self, values: Tensor) -> Tensor:
        """Sum of `values` over all processes, as float64."""
        summed = values.to(self.device, torch.float64)
        if self.world_size > 1:
            distributed.all_reduce(summed)
        return summed.cpu()

    def any(self, flag: bool) -> bool:
        """Whether the flag is set in any process; all get the same answer."""
        return flag if self.world_size == 1 else bool(self.total(torch.tensor([float(flag)])).item() > 0)

    def gather(self, value: Any) -> list[Any]:
        """The value of every process, by rank."""
        if self.world_size == 1:
            return [value]
        values: list[Any] = [None] * self.world_size
        distributed.all_gather_object(values, value)
        return values


def start(device: str, fine_tune: str, environment: Mapping[str, str]) -> Process:
    """Joins the group that torchrun started, or stands alone. Refuses set-ups that would bill without a gain."""
    world_size = int(environment.get("WORLD_SIZE", "1"))
    hosts = json.loads(environment.get("SM_HOSTS", "[]"))
    if len(hosts) > 1 and "WORLD_SIZE" not in environment:
        raise TrainingError(
            f"the job has {len(hosts)} instances, but no torchrun: each would train the whole model by itself. "
            'Set the hyperparameter sagemaker_torch_distributed_enabled to "true", or take one instance.'
        )
    if world_size > 1 and fine_tune == "head":
        raise TrainingError(
            f"{world_size} processes cannot speed up fine_tune=head: its steps are shorter than their exchange of "
            "gradients. Take one process, or fine_tune layer4 or full."
        )
    cuda = torch.cuda.is_available() if device == "auto" else device == "cuda"
    if cuda and not torch.cuda.is_available():
        raise TrainingError("device cuda was asked for, but no GPU can be used. Use --device cpu or a GPU machine.")
    target = torch.device("cuda", int(environment.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(target)
    if world_size > 1:
        # nccl exchanges between GPUs, gloo between CPUs; address and rank come from the environment.
        distributed.init_process_group("nccl" if cuda else "gloo", device_id=target if cuda else None)
    process = Process(int(environment.get("RANK", "0")), world_size, target)
    if cuda and world_size == 1 and torch.cuda.device_count() > 1:
        process.say(f"warning: {torch.cuda.device_count()} GPUs, one is used; start with torchrun to use all")
    return process


def share_gradients(model: nn.Module, process: Process) -> nn.Module:
    """The model as every process trains it: gradients are averaged while the backward pass still runs."""
    return DistributedDataParallel(
        model,
        device_ids=[process.device.index] if process.device.type == "cuda" else None,
        # The optimiser reads the buffers that were exchanged: no second copy of all gradients, no copying.
        gradient_as_bucket_view=True,
        # Statistics of batch normalisation are frozen, or the same everywhere by SyncBatchNorm: nothing to send.
        broadcast_buffers=False,
    )


def share_batch_statistics(model: nn.Module, process: Process) -> None:
    """Random weights need statistics of the global batch. Raises TrainingError on CPUs, which cannot share them."""
    if process.device.type != "cuda":
        raise TrainingError(
            f"{process.world_size} processes cannot train random weights on CPUs: PyTorch shares the statistics of "
            "batch normalisation between GPUs only. Give pretrained weights with --pretrained, or take one process."
        )
    nn.SyncBatchNorm.convert_sync_batchnorm(model)  # type: ignore[no-untyped-call]


def exit_with(program: Callable[[], int]) -> NoReturn:
    """Ends this process with the status of `program`, whatever state the group is in.

    After a failure the group is not taken down in order: that can wait for processes that have not failed, and with
    PyTorch 2.13 deadlocks when the last reference to a gloo group goes with DistributedDataParallel. The process
    would hang, and the job bill, until its time limit.
    """
    try:
        status = program()
    except BaseException:
        if not distributed.is_initialized():
            raise
        traceback.print_exc()
        status = 1
    if distributed.is_initialized():
        if status != 0:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        distributed.destroy_process_group()
    sys.exit(status)
