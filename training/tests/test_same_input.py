"""Training and serving see the same image: for the same bytes the model gets the same tensor, whatever mode a JPEG or
PNG has, and what one of them refuses as another kind of image the other refuses too."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from PIL import Image
from serving_model import write_artifact
from serving_samples import encoded, odd_images, picture, png
from torch import Tensor

from breeds.data import EpochSampler, evaluation_batches, training_batches
from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.folders import Split
from breeds.images import ImageLimits, decode_image, upright_rgb
from breeds.preprocessing import training_input
from breeds.serve.core import Service, load_service
from breeds.serve.requests import Request

ALONE = Process(0, 1, torch.device("cpu"))


def sixteen_bits() -> Image.Image:
    """Grey over the whole range of 16 bits, which a conversion to 8 bits must keep and must not cut off."""
    return Image.fromarray(numpy.asarray(picture().convert("L")).astype("uint16") * 257)


def deep(channels: int, colour: int) -> bytes:
    """A PNG of 16 bits per channel."""
    pixels = numpy.random.default_rng(3).integers(0, 2**16, (64, 96, channels)).astype(">u2")
    rows = b"".join(b"\0" + pixels[row].tobytes() for row in range(64))
    return png(96, 64, depth=16, colour=colour, rows=rows)


def oriented(image: Image.Image, kind: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, kind, exif=exif.tobytes())


def corpus() -> dict[str, bytes]:
    shown = picture()
    translucent = shown.convert("RGBA")
    translucent.putalpha(Image.linear_gradient("L").resize(shown.size))
    palette = shown.quantize(16)
    images = {
        **{f"PNG of mode {mode}": encoded(shown.convert(mode), "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
        "PNG of mode I;16": encoded(sixteen_bits(), "PNG"),
        **{f"JPEG of mode {mode}": encoded(shown.convert(mode)) for mode in ("1", "L", "RGB", "CMYK", "YCbCr")},
        **{
            f"PNG of 16 bits, colour type {colour}": deep(count, colour)
            for colour, count in ((0, 1), (2, 3), (4, 2), (6, 4))
        },
        **{f"PNG palette of {bits} bits": encoded(shown.quantize(2**bits), "PNG", bits=bits) for bits in (1, 2, 4, 8)},
        "PNG with alpha": encoded(translucent, "PNG"),
        "PNG of grey with alpha": encoded(translucent.convert("LA"), "PNG"),
        "PNG palette with one transparent colour": encoded(palette, "PNG", transparency=3),
        "PNG palette with alpha": encoded(palette, "PNG", transparency=bytes(range(0, 256, 16))),
        "PNG with a transparent colour": encoded(shown, "PNG", transparency=(0, 0, 0)),
        "PNG of grey with a transparent grey": encoded(shown.convert("L"), "PNG", transparency=7),
        "progressive JPEG": encoded(shown, progressive=True),
        "JPEG that is stored as RGB": encoded(shown, keep_rgb=True),
        **{f"odd: {name}": content for name, content in odd_images().items()},
    }
    for orientation in range(1, 9):
        images[f"JPEG, orientation {orientation}"] = oriented(shown, "JPEG", orientation)
        images[f"CMYK JPEG, orientation {orientation}"] = oriented(shown.convert("CMYK"), "JPEG", orientation)
        images[f"PNG, orientation {orientation}"] = oriented(palette, "PNG", orientation)
        images[f"PNG of 16 bits, orientation {orientation}"] = oriented(sixteen_bits(), "PNG", orientation)
    return images


CORPUS = corpus()
# Names that training would open; the content is what no endpoint takes.
FOREIGN = {
    **{
        f"TIFF of mode {mode}": encoded(picture().convert(mode), "TIFF")
        for mode in ("L", "RGB", "CMYK", "YCbCr", "F", "I")
    },
    "TIFF of mode I;16": encoded(sixteen_bits(), "TIFF"),
    "GIF": encoded(picture().convert("P"), "GIF"),
    "BMP": encoded(picture(), "BMP"),
    "WEBP": encoded(picture(), "WEBP"),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return load_service(write_artifact(tmp_path_factory.mktemp("artifact")), {})


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    """The corpus as the files of a data set, all of them with the suffix that most photographs have."""
    folder = tmp_path_factory.mktemp("corpus")
    paths = [folder / f"{number:03}.jpg" for number in range(len(CORPUS))]
    for path, content in zip(paths, CORPUS.values(), strict=True):
        path.write_bytes(content)
    return Split(tuple(paths), (0,) * len(paths))


@pytest.fixture(scope="module")
def evaluated(service: Service, split: Split) -> dict[str, Tensor]:
    """What evaluation in training feeds to the model, by name."""
    batches = evaluation_batches(split, service.artifact.preprocessing, ALONE, 1, 0)
    return {name: inputs for name, (inputs, _) in zip(CORPUS, batches, strict=True)}


@pytest.fixture
def served(service: Service) -> Iterator[list[Tensor]]:
    """What serving feeds to the model."""
    seen: list[Tensor] = []

    def keep(_model: Any, inputs: tuple[Tensor, ...]) -> None:
        seen.append(inputs[0].cpu().clone())

    handle = service.model.register_forward_pre_hook(keep)
    yield seen
    handle.remove()


@pytest.mark.parametrize("name", CORPUS)
def test_the_model_gets_the_same_tensor_in_training_and_in_serving(
    service: Service, evaluated: dict[str, Tensor], served: list[Tensor], name: str
) -> None:
    answer = service.respond(Request(CORPUS[name], "application/octet-stream"))

    assert answer.status == 200, answer.body
    (tensor,) = served
    assert torch.equal(tensor, evaluated[name])


def test_augmentation_starts_from_the_pixels_that_serving_decodes(service: Service, split: Split) -> None:
    preprocessing, names = service.artifact.preprocessing, list(CORPUS)
    sampler = EpochSampler(len(names), ALONE, 1)
    order = [index for _, index in sampler]

    batches = list(training_batches(split, preprocessing, sampler, 5, 1, 0))

    for index, (inputs, _) in zip(order, batches, strict=True):
        image = decode_image(CORPUS[names[index]], ImageLimits())
        expected = training_input(image, preprocessing, random.Random(f"5:0:{index}"))
        assert torch.equal(inputs[0], expected), names[index]


def test_sixteen_bits_and_eight_bits_of_the_same_grey_are_the_same_input(evaluated: dict[str, Tensor]) -> None:
    for name in ("PNG of mode I;16", "odd: png of 16 bits"):
        assert torch.equal(evaluated[name], evaluated["PNG of mode L"]), name
    # Older versions of Pillow open a PNG of 16 bits in this mode.
    older = Image.fromarray(numpy.asarray(sixteen_bits()).astype("int32"))
    assert older.mode == "I"
    assert upright_rgb(older).tobytes() == upright_rgb(sixteen_bits()).tobytes()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_every_orientation_but_the_first_is_another_input(evaluated: dict[str, Tensor], kind: str) -> None:
    """Else a tag that nobody reads would pass the test above."""
    inputs = [evaluated[f"{kind}, orientation {number}"] for number in range(1, 9)]

    assert all(not torch.equal(inputs[0], other) for other in inputs[1:])


@pytest.mark.parametrize("name", FOREIGN)
def test_what_serving_does_not_take_is_not_learned_from_either(service: Service, tmp_path: Path, name: str) -> None:
    file = tmp_path / "named.jpg"
    file.write_bytes(FOREIGN[name])

    with pytest.raises(TrainingError, match=r"named\.jpg is not a readable image"):
        list(evaluation_batches(Split((file,), (0,)), service.artifact.preprocessing, ALONE, 1, 0))
    answer = service.respond(Request(FOREIGN[name], "application/octet-stream"))

    assert (answer.status, json.loads(answer.body)["code"]) == (415, "unsupported-image")
