from __future__ import annotations

import io
import random

import pytest
import torch
from PIL import Image

from breeds.preprocessing import Preprocessing, evaluation_input, load_image, training_input


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return io.BytesIO(stream.getvalue())


def test_inputs_have_imagenet_normalisation() -> None:
    preprocessing = Preprocessing()

    white = evaluation_input(Image.new("RGB", (300, 260), "white"), preprocessing)
    black = training_input(Image.new("RGB", (300, 260), "black"), preprocessing, random.Random(1))

    assert white.shape == black.shape == (3, 224, 224)
    assert white[:, 5, 5].tolist() == pytest.approx([(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225])
    assert black[:, 5, 5].tolist() == pytest.approx([-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225])


def test_evaluation_keeps_proportions_and_takes_the_middle() -> None:
    image = Image.new("RGB", (464, 232), "black")
    image.paste("white", (232 - 112, 0, 232 + 112, 232))

    whole = evaluation_input(image, Preprocessing())

    assert whole.min().item() > 1.9


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "RGBA", "1", "LA"])
def test_other_colour_modes_become_rgb(mode: str) -> None:
    kind = "JPEG" if mode in ("L", "CMYK") else "PNG"
    image = load_image(encoded(Image.new("RGB", (40, 30), (200, 100, 50)).convert(mode), kind))

    assert (image.mode, image.size) == ("RGB", (40, 30))


def test_the_orientation_tag_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (64, 32), "black")
    image.paste("white", (0, 0, 32, 32))

    upright = load_image(encoded(image, exif=exif))

    assert upright.size == (32, 64)
    assert upright.getpixel((16, 8)) == (255, 255, 255)
    assert upright.getpixel((16, 56)) == (0, 0, 0)


def test_augmentation_depends_on_its_generator_alone() -> None:
    image = Image.effect_noise((90, 70), 80).convert("RGB")

    def augmented(seed: str) -> torch.Tensor:
        return training_input(image, Preprocessing.of_size(32), random.Random(seed))

    assert torch.equal(augmented("1:0:0"), augmented("1:0:0"))
    assert not torch.equal(augmented("1:0:0"), augmented("1:1:0"))


@pytest.mark.parametrize("size", [(1, 1), (500, 3), (3, 500)])
def test_extreme_shapes_give_the_input_size(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size)

    assert training_input(image, Preprocessing.of_size(32), random.Random(3)).shape == (3, 32, 32)
    assert evaluation_input(image, Preprocessing.of_size(32)).shape == (3, 32, 32)


def test_survives_its_json() -> None:
    preprocessing = Preprocessing.of_size(160)

    assert Preprocessing.from_json(preprocessing.to_json()) == preprocessing
