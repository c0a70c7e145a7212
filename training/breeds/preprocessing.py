"""From image bytes to the tensor a model sees: one module for training, evaluation and serving.

Normalisation is that of the ImageNet weights the backbone comes with (torchvision, `ResNet50_Weights`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image
from torch import Tensor
from torchvision.transforms import functional

from breeds.images import open_image, upright_rgb

# Area of a training crop as a share of the image. Breeds differ in small parts, so crops do not go down to
# the 8 % that is usual for ImageNet.
CROP_AREA = (0.25, 1.0)
CROP_RATIO = (3 / 4, 4 / 3)


@dataclass(frozen=True)
class Preprocessing:
    """How an image becomes an input; travels with the weights as preprocessing.json. Sizes in pixels."""

    image_size: int = 224
    resize_size: int = 232
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)

    @staticmethod
    def of_size(image_size: int) -> Preprocessing:
        """Keeps the proportion of 232 to 224 that the ImageNet weights were evaluated with."""
        return Preprocessing(image_size=image_size, resize_size=round(image_size * 232 / 224))

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Preprocessing:
        """Inverse of `to_json`."""
        return Preprocessing(
            image_size=int(values["image_size"]),
            resize_size=int(values["resize_size"]),
            mean=tuple(float(value) for value in values["mean"]),
            std=tuple(float(value) for value in values["std"]),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for preprocessing.json."""
        return {"color": "RGB", "exif_orientation": "applied", **asdict(self)}


def load_image(source: Path | BinaryIO) -> Image.Image:
    """An upright RGB image from a file of a data set, by the functions that serving uses: the same bytes give the same
    pixels in both. Raises what Pillow raises (OSError, ...)."""
    with open_image(source) as image:
        return upright_rgb(image)


def evaluation_input(image: Image.Image, preprocessing: Preprocessing) -> Tensor:
    """3 x size x size: shorter side to `resize_size`, the middle cut out. For validation, test and serving."""
    resized = functional.resize(image, [preprocessing.resize_size], antialias=True)
    return _normalised(functional.center_crop(resized, [preprocessing.image_size] * 2), preprocessing)


def training_input(image: Image.Image, preprocessing: Preprocessing, rng: random.Random) -> Tensor:
    """3 x size x size: a random crop, mirrored every second time. All chance comes from `rng`."""
    top, left, height, width = _random_crop(image.height, image.width, rng)
    size = [preprocessing.image_size] * 2
    cropped = functional.resized_crop(image, top, left, height, width, size, antialias=True)
    if rng.random() < 0.5:
        cropped = functional.hflip(cropped)
    return _normalised(cropped, preprocessing)


def _normalised(image: Image.Image, preprocessing: Preprocessing) -> Tensor:
    pixels = functional.to_tensor(image)
    tensor: Tensor = functional.normalize(pixels, list(preprocessing.mean), list(preprocessing.std))
    return tensor


def _random_crop(height: int, width: int, rng: random.Random) -> tuple[int, int, int, int]:
    for _ in range(10):
        area = height * width * rng.uniform(*CROP_AREA)
        ratio = math.exp(rng.uniform(math.log(CROP_RATIO[0]), math.log(CROP_RATIO[1])))
        crop_width, crop_height = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < crop_width <= width and 0 < crop_height <= height:
            return (
                rng.randint(0, height - crop_height),
                rng.randint(0, width - crop_width),
                crop_height,
                crop_width,
            )
    return 0, 0, height, width
