"""The published starter loop, as its copies have it: what the mission's write-ups ran.

Frozen backbone in training mode, a new two-layer head, no normalisation, loaders without workers, sums divided by
batches with `//`, a stop after the first epoch whatever was asked for, and no device.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms


def loaders(data: Path, batch_size: int) -> dict[str, DataLoader[Any]]:
    """All three are shuffled, and read by the process that trains."""
    augmented = transforms.Compose(
        [transforms.RandomResizedCrop((224, 224)), transforms.RandomHorizontalFlip(), transforms.ToTensor()]
    )
    plain = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])
    return {
        split: DataLoader(
            datasets.ImageFolder(str(data / split), transform=augmented if split == "train" else plain),
            batch_size=batch_size,
            shuffle=True,
        )
        for split in ("train", "valid", "test")
    }


def network(backbone: dict[str, torch.Tensor], classes: int) -> nn.Module:
    """ResNet-50 with a frozen backbone and a head of two layers."""
    model: nn.Module = models.resnet50(weights=None)
    model.load_state_dict(backbone)
    for parameter in model.parameters():
        parameter.requires_grad = False
    model.fc = nn.Sequential(nn.Linear(2048, 128), nn.ReLU(inplace=True), nn.Linear(128, classes))
    return model


def train(model: nn.Module, batches: dict[str, DataLoader[Any]], epochs: int, learning_rate: float) -> dict[str, Any]:
    """Seconds and CPU seconds of the epochs that ran, which is one, and the loss that is reported."""
    criterion = nn.CrossEntropyLoss(ignore_index=133)
    optimizer = torch.optim.Adam(model.get_submodule("fc").parameters(), lr=learning_rate)
    begun, begun_cpu, ran, reported = time.perf_counter(), time.process_time(), 0, 0.0
    for epoch in range(epochs):
        ran += 1
        for phase in ("train", "valid"):
            model.train(phase == "train")
            running_loss = 0.0
            for inputs, labels in batches[phase]:
                outputs = model(inputs)
                loss = criterion(outputs, labels)
                if phase == "train":
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                running_loss += loss.item()
            reported = running_loss // len(batches[phase])
        if epoch == 0:
            break
    return {
        "epochs_asked": epochs,
        "epochs_run": ran,
        "reported_validation_loss": reported,
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - begun_cpu,
    }
