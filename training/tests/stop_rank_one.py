"""train.py, but rank 1 alone gets a SIGTERM in its third step."""

from __future__ import annotations

import os
import signal
import sys

import torch

import train
from breeds.distributed import exit_with
from breeds.loop import Training

_step, _count = Training._step, iter(range(1, 1000))


def _stopped_step(self: Training, forward: torch.nn.Module, inputs: torch.Tensor, labels: torch.Tensor) -> float:
    loss = _step(self, forward, inputs, labels)
    if next(_count) == 3 and os.environ["RANK"] == "1":
        os.kill(os.getpid(), signal.SIGTERM)
    return loss


if __name__ == "__main__":
    Training._step = _stopped_step  # type: ignore[method-assign]
    exit_with(lambda: train.main(sys.argv[1:], os.environ))
