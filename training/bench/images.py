"""A generated data set of photograph-sized JPEG files, and weights for the backbone, the same in every run."""

from __future__ import annotations

from pathlib import Path

import numpy
import torch
from PIL import Image
from safetensors.torch import save_file
from torchvision import models

CLASSES = 4
COUNTS = {"train": 64, "valid": 32, "test": 16}
SIZE = (500, 375)


def write_images(root: Path) -> None:
    """Stripes under noise, whose direction and tint tell the class; about 60 kB a file, as the real ones."""
    rng = numpy.random.default_rng(3)
    x, y = numpy.meshgrid(numpy.arange(SIZE[0]), numpy.arange(SIZE[1]))
    for split, count in COUNTS.items():
        for number in range(count):
            label = number % CLASSES
            along = (x, y, x + y, x - y)[label]
            stripes = 60 * numpy.sin(along / 9 + rng.uniform(0, 6))
            pixels = 110 + stripes[..., None] + rng.normal(0, 12, (SIZE[1], SIZE[0], 3))
            pixels[..., label % 3] += 40
            file = root / split / f"{label + 1:03}.Class_{label}" / f"Class_{label}_{number:05}.jpg"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels.clip(0, 255).astype("uint8")).save(file, quality=90)


def write_backbone(file: Path) -> None:
    """Random weights of a ResNet-50: speed does not depend on their values."""
    torch.manual_seed(3)
    save_file(models.resnet50(weights=None).state_dict(), file)
