"""What a sample of the training steps took and did: time by phase, gradients by layer group, silent features.

Most steps are only counted. A sampled one is timed, on a GPU by waiting for it between phases.
"""

from __future__ import annotations

import time
from typing import Any

import torch
from torch import Tensor, nn

from breeds.distributed import Process

EVERY = 10
LIMIT = 1000
PHASES = ("data_wait", "forward", "backward", "optimiser")


class Recorder:
    """Samples every tenth step on rank 0, and ever fewer in a long run, so that at most LIMIT are kept."""

    def __init__(self, model: nn.Module, process: Process) -> None:
        self.process, self.every, self.steps = process, EVERY, 0
        self.samples: list[dict[str, Any]] = []
        # Features, the inputs of the head, that were above zero for any image of any sampled step.
        self.awake: Tensor | None = None
        self.groups = _layer_groups(model)
        self._sample: dict[str, Any] | None = None
        self._since = 0.0
        self._head = model.get_submodule("fc")
        self._hook = self._head.register_forward_pre_hook(self._see_features)

    def begin(self, epoch: int, data_wait_seconds: float) -> None:
        """A step starts, its batch being there. Epochs count from 1."""
        sampled = self.process.leads and self.steps % self.every == 0
        self.steps += 1
        self._sample = None
        if sampled:
            self._sample = {"epoch": epoch, "step": self.steps, "data_wait": data_wait_seconds}
            self._since = self._now()

    def mark(self, phase: str) -> None:
        """The phase that ends here took the time since the one before."""
        if self._sample is not None:
            now = self._now()
            self._sample[phase] = now - self._since
            self._since = now

    def gradients(self, scale: float) -> None:
        """Root mean square of the gradient per layer group; `scale` is what the loss was multiplied by."""
        if self._sample is None:
            return
        values: dict[str, float] = {}
        for group, parameters in self.groups.items():
            found = [parameter.grad for parameter in parameters if parameter.grad is not None]
            if found:
                norms = torch.stack([torch.linalg.vector_norm(gradient.float()) for gradient in found])
                elements = sum(gradient.numel() for gradient in found)
                values[group] = torch.linalg.vector_norm(norms).item() / scale / float(elements) ** 0.5
        self._sample["gradients"] = values
        self._since = self._now()

    def end(self, loss: float) -> None:
        """The step is done; `loss` is that of this process."""
        if self._sample is None:
            return
        self.samples.append({**self._sample, "loss": loss})
        self._sample = None
        if len(self.samples) > LIMIT:
            self.samples, self.every = self.samples[::2], 2 * self.every

    def close(self) -> None:
        """Leaves the model as it was."""
        self._hook.remove()

    def silent_share(self) -> float | None:
        """Share of the features that were zero for every image seen, or None if none was seen."""
        return None if self.awake is None else 1 - self.awake.float().mean().item()

    def state(self) -> dict[str, Any]:
        """For a checkpoint: plain values and tensors."""
        return {"steps": self.steps, "every": self.every, "samples": self.samples, "awake": self.awake}

    def restore(self, state: dict[str, Any]) -> None:
        """Inverse of `state`."""
        self.steps, self.every, self.awake = state["steps"], state["every"], state["awake"]
        self.samples = list(state["samples"])

    def _see_features(self, _head: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        if self._sample is not None:
            # Not "> 0": what is not a number is another fault.
            positive = (~(inputs[0].detach() <= 0)).any(dim=0).cpu()
            self.awake = positive if self.awake is None else self.awake | positive

    def _now(self) -> float:
        if self.process.device.type == "cuda":
            torch.cuda.synchronize(self.process.device)
        return time.perf_counter()


def _layer_groups(model: nn.Module) -> dict[str, list[nn.Parameter]]:
    groups: dict[str, list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            first = name.split(".")[0]
            groups.setdefault(first if first == "fc" or first.startswith("layer") else "stem", []).append(parameter)
    return groups
