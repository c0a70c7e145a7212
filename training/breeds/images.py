"""From bytes that anyone may have sent to an upright RGB image, or a refusal that says why.

Training opens files of a data set that was checked before (`preprocessing.load_image`); an endpoint gets bytes from
outside. Both go through `open_image` and `upright_rgb`, so that both see the same pixels. What `decode_image` refuses
besides would cost memory or time out of proportion to its bytes, or is not one picture.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy
from PIL import ExifTags, Image, ImageOps

SIGNATURES = {"JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}
START_OF_SCAN = b"\xff\xda"
SIXTEEN_BIT_GREY = ("I", "I;16", "I;16B", "I;16L", "I;16N")


@dataclass(frozen=True)
class ImageLimits:
    """What one image may cost."""

    # SageMaker's runtime takes less than this in one request; an asynchronous endpoint takes more.
    bytes: int = 16 * 1024 * 1024
    # As the invoke function: Pillow itself warns from 89 million on.
    pixels: int = 50_000_000
    # The shorter side is resized to a fixed length, so a line of one pixel would grow by the length of the other side.
    aspect_ratio: int = 32
    # A scan of a progressive JPEG can be a few bytes long and makes the decoder go over all pixels once more
    # (https://libjpeg-turbo.org/pmwiki/uploads/About/TwoIssueswiththeJPEGStandard.pdf). Ten scans are usual.
    scanned_pixels: int = 1_000_000_000


class ImageRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault of the program
    """The image is not taken: a stable code, and a sentence for the one who sent it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def image_format(content: bytes) -> str | None:
    """ "JPEG" or "PNG", by the first bytes; a header or a file name can say anything."""
    return next((name for name, signature in SIGNATURES.items() if content.startswith(signature)), None)


def decode_image(content: bytes, limits: ImageLimits) -> Image.Image:
    """The picture in `content`, upright and in RGB; transparency is dropped, as in training.

    Raises ImageRefused with one of the codes image-too-large, unsupported-image, image-too-narrow, damaged-image.
    """
    if len(content) > limits.bytes:
        raise ImageRefused("image-too-large", f"The image has {len(content)} bytes; at most {limits.bytes} are taken.")
    found = image_format(content)
    if found is None:
        what = "empty" if content == b"" else "neither JPEG nor PNG"
        raise ImageRefused("unsupported-image", f"The image is {what}; send a JPEG or PNG.")
    try:
        with open_image(io.BytesIO(content)) as image:
            _check(image, content, limits)
            return upright_rgb(image)
    except (ImageRefused, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise ImageRefused("image-too-large", _too_many_pixels("too many", limits)) from error
    # Pillow reports damaged files by OSError, SyntaxError, ValueError, struct.error, TypeError and others.
    except Exception as error:
        raise ImageRefused("damaged-image", f"The {found} is damaged or incomplete and cannot be decoded.") from error


def open_image(source: Path | BinaryIO) -> Image.Image:
    """A JPEG or PNG, by its content and not by its name, with nothing but the headers read. Raises OSError for another
    kind of image: what an endpoint would refuse is not learned from either."""
    return Image.open(source, formats=list(SIGNATURES))


def upright_rgb(image: Image.Image) -> Image.Image:
    """The picture as a person sees it: the orientation tag applied, grey, palette, CMYK and 16 bits made RGB."""
    # Without a turn exif_transpose would copy the whole picture. The tag is lost by convert, so it is applied before.
    if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        image = ImageOps.exif_transpose(image)
    if image.mode in SIXTEEN_BIT_GREY:
        # convert() would clip: all but the darkest 1/256 of the range would become white.
        image = Image.fromarray((numpy.asarray(image).astype(numpy.uint32) >> 8).clip(0, 255).astype(numpy.uint8))
    return image.convert("RGB")


def _check(image: Image.Image, content: bytes, limits: ImageLimits) -> None:
    """Judges by the headers alone, before any pixel is decoded."""
    width, height = image.size
    if width * height > limits.pixels:
        raise ImageRefused("image-too-large", _too_many_pixels(f"{width} x {height}", limits))
    if max(width, height) > limits.aspect_ratio * min(width, height):
        raise ImageRefused(
            "image-too-narrow",
            f"The image has {width} x {height} pixels; one side may be at most {limits.aspect_ratio} times the other.",
        )
    # A JPEG with several pictures (MPO) is a photograph with a depth or brightness map; its first picture counts.
    # An animation has no one picture to name.
    if image.format == "PNG" and getattr(image, "is_animated", False):
        raise ImageRefused("unsupported-image", "The PNG is animated; send one picture.")
    scans = content.count(START_OF_SCAN) if image.format != "PNG" else 1
    if scans * width * height > limits.scanned_pixels:
        raise ImageRefused(
            "image-too-large",
            f"The JPEG has {scans} scans of {width} x {height} pixels; "
            f"at most {limits.scanned_pixels} pixels in all scans are taken.",
        )


def _too_many_pixels(size: str, limits: ImageLimits) -> str:
    return f"The image has {size} pixels; at most {limits.pixels} in all are taken."
