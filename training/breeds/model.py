"""ResNet with a new head: which layers learn, and where their first weights come from. Nothing is downloaded."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn
from torchvision import models

from breeds.errors import TrainingError

SUFFIXES = (".safetensors", ".pth")
# A backbone that already knows images is to be adapted, not overwritten by the gradients of a random head.
BACKBONE_RATE = 0.1


@dataclass(frozen=True)
class Pretrained:
    """Weights of a backbone as read from a file; the classifier `fc` is left out."""

    file_name: str
    sha256: str
    state: dict[str, Tensor]


@dataclass(frozen=True)
class Learner:
    """A model and the parts of it that learn."""

    model: nn.Module
    fine_tune: str
    pretrained: bool
    # Whether the inputs are features of the backbone rather than images.
    on_features: bool = False

    def head(self) -> Learner:
        """The head alone, on features of the backbone. It shares its weights with this model."""
        head = nn.Sequential(OrderedDict(fc=self.model.get_submodule("fc")))
        return Learner(head, "head", self.pretrained, on_features=True)

    def backbone(self) -> nn.Module:
        """Everything below the head, with this model's weights: images to features, in evaluation mode."""
        layers = [module for name, module in self.model.named_children() if name != "fc"]
        return nn.Sequential(*layers, nn.Flatten(1)).eval()

    def backbone_digest(self) -> str:
        """SHA-256 over names and values of everything below the head, whatever file they came from."""
        digest = hashlib.sha256()
        for name, value in sorted(self.model.state_dict().items()):
            if not name.startswith("fc.") and not name.endswith("num_batches_tracked"):
                digest.update(f"{name} {value.dtype} {tuple(value.shape)}\n".encode())
                digest.update(value.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def learning_parts(self) -> list[nn.Module]:
        """The modules whose weights change."""
        if self.fine_tune == "full":
            return [self.model]
        names = ["fc"] if self.fine_tune == "head" else ["layer4", "fc"]
        return [self.model.get_submodule(name) for name in names]

    def set_training_mode(self) -> None:
        """Frozen layers stay in evaluation mode, or their batch normalisation would drift with every batch.

        On pretrained weights that holds for the learning layers too: the statistics of ImageNet are better than
        those of a small batch, and equal in all processes. Random weights need statistics of their own.
        """
        self.model.eval()
        if not self.pretrained:
            for part in self.learning_parts():
                part.train()

    def parameter_groups(self, learning_rate: float) -> list[dict[str, Any]]:
        """Head and backbone for the optimiser; only what learns."""
        head = list(self.model.get_submodule("fc").parameters())
        of_head = {id(parameter) for parameter in head}
        backbone = [
            parameter
            for parameter in self.model.parameters()
            if parameter.requires_grad and id(parameter) not in of_head
        ]
        rate = learning_rate * (BACKBONE_RATE if self.pretrained else 1.0)
        groups = [{"params": head, "initial_lr": learning_rate, "lr": learning_rate}]
        return groups + ([{"params": backbone, "initial_lr": rate, "lr": rate}] if backbone else [])


def build(backbone: str, classes: int, fine_tune: str, pretrained: Pretrained | None) -> Learner:
    """A torchvision ResNet whose state dict any torchvision user can load. Raises TrainingError if the weights
    are not those of the backbone."""
    model: nn.Module = models.get_model(backbone, weights=None, num_classes=classes)
    if pretrained is not None:
        expected = {name: value.shape for name, value in model.state_dict().items() if not name.startswith("fc.")}
        wrong = sorted(
            name
            for name in expected.keys() | pretrained.state.keys()
            # The counter is missing in weights older than PyTorch 0.4.1 and is not used here.
            if not name.endswith("num_batches_tracked")
            and (name not in pretrained.state or expected.get(name) != pretrained.state[name].shape)
        )
        if wrong:
            raise TrainingError(
                f"{pretrained.file_name} does not hold the weights of {backbone}: {len(wrong)} tensors are missing, "
                f"unknown or of another shape, such as {', '.join(wrong[:3])}."
            )
        model.load_state_dict(pretrained.state, strict=False)
    learner = Learner(model, fine_tune, pretrained is not None)
    model.requires_grad_(False)
    for part in learner.learning_parts():
        part.requires_grad_(True)
    return learner


def read_pretrained(location: Path, backbone: str) -> Pretrained:
    """Weights from a file, or from the one file in a folder whose name starts with the backbone's."""
    file = _find(location, backbone)
    content = file.read_bytes()
    state = _load_safetensors(file, content) if file.suffix == ".safetensors" else _load_pickle(file)
    return Pretrained(
        file.name,
        hashlib.sha256(content).hexdigest(),
        {name: value for name, value in state.items() if not name.startswith("fc.")},
    )


def _find(location: Path, backbone: str) -> Path:
    if location.is_file() and location.suffix in SUFFIXES:
        return location
    found = sorted(path for suffix in SUFFIXES for path in location.glob(f"{backbone}*{suffix}"))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) if found else "none"
        raise TrainingError(
            f"--pretrained {location}: exactly one file {backbone}*.safetensors or {backbone}*.pth is needed, "
            f"found {names}. Without --pretrained the weights are random."
        )
    return found[0]


def _load_safetensors(file: Path, content: bytes) -> dict[str, Tensor]:
    try:
        return load(content)
    except SafetensorError as error:
        raise TrainingError(f"{file} is not a safetensors file ({error}).") from error


def _load_pickle(file: Path) -> dict[str, Tensor]:
    try:
        # weights_only: a pickle may otherwise run code (CVE-2025-32434, CVE-2026-24747; fixed in torch 2.10).
        state = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a file that is not its own
        raise TrainingError(f"{file} is not a state dict that can be loaded with weights_only ({error}).") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise TrainingError(f"{file} does not hold a state dict (names to tensors). Save model.state_dict().")
    return state
