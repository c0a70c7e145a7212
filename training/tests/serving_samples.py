"""Images: plain, odd and hostile, each with the answer it must get. Without torch, which takes seconds to load."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy
from PIL import Image


def picture(width: int = 96, height: int = 64) -> Image.Image:
    """A picture without symmetry, so that a turned or mirrored one differs."""
    x, y = numpy.meshgrid(numpy.linspace(0, 1, width), numpy.linspace(0, 1, height))
    pixels = numpy.stack([255 * x, 255 * y**2, 255 * (0.5 + 0.5 * numpy.sin(9 * x * y))], axis=-1)
    return Image.fromarray(pixels.astype("uint8"))


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of a PNG with the right checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, depth: int = 8, colour: int = 2, rows: bytes = b"", before: bytes = b"") -> bytes:
    """A PNG from its parts, right or wrong."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    end = chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", zlib.compress(rows, 9)) + end


def resized_header(jpeg: bytes, width: int, height: int) -> bytes:
    """The JPEG with another size in its frame header."""
    at = next(at for marker in (b"\xff\xc0", b"\xff\xc2") if (at := jpeg.find(marker)) > 0)
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    return jpeg[:2] + segment(marker, content) + jpeg[2:]


def scan_bomb() -> bytes:
    """A progressive JPEG whose last scan comes 3,000 times; each makes the decoder go over the whole picture."""
    plain = encoded(Image.new("L", (2000, 2000), 128), progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:last] + plain[last:-2] * 3000 + plain[-2:]


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(picture(), exif=exif.tobytes())


def odd_images() -> dict[str, bytes]:
    """Unusual, and to be answered all the same."""
    jpeg, flat, shown = encoded(picture()), encoded(picture(), "PNG"), picture()
    rgba = shown.convert("RGBA")
    rgba.putalpha(Image.linear_gradient("L").resize(shown.size))
    sixteen = Image.fromarray(numpy.asarray(shown.convert("L")).astype("uint16") * 257)
    frames = [shown, shown.rotate(90, expand=True)]
    palette = shown.quantize(16)
    return {
        "grey jpeg": encoded(shown.convert("L")),
        "cmyk jpeg": encoded(shown.convert("CMYK")),
        "progressive jpeg": encoded(shown, progressive=True),
        "grey png": encoded(shown.convert("L"), "PNG"),
        "png of one bit": encoded(shown.convert("1"), "PNG"),
        "png of 16 bits": encoded(sixteen, "PNG"),
        "png with a palette": encoded(palette, "PNG"),
        "png with a transparent palette": encoded(palette, "PNG", transparency=bytes(range(16))),
        "png with alpha": encoded(rgba, "PNG"),
        "grey png with alpha": encoded(rgba.convert("LA"), "PNG"),
        "jpeg of several pictures": encoded(shown, "MPO", save_all=True, append_images=frames[1:]),
        "one pixel": encoded(Image.new("RGB", (1, 1), (9, 9, 9)), "PNG"),
        "31 times as wide as high": encoded(picture(310, 10), "PNG"),
        "jpeg that is a zip too": jpeg + b"PK\x03\x04\x14\0\0\0\0\0" + b"PK\x05\x06" + bytes(18),
        "png that is a page too": encoded(shown, "PNG") + b"<html><script>alert(1)</script></html>",
        "jpeg with a program in a comment": with_segment(jpeg, 0xFE, b"<?php system($_GET['c']); ?>"),
        # What every viewer shows: the rest stays grey or black.
        "jpeg that claims more rows": resized_header(jpeg, 96, 640),
        "png with too few rows": png(64, 64, rows=bytes(193 * 10)),
        "png with an endless chunk": flat[:33] + b"\xff\xff\xff\xff" + flat[37:],
        "png with a negative chunk": flat[:33] + b"\x80\x00\x00\x00" + flat[37:],
        "jpeg with broken orientation": with_segment(jpeg, 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        **{f"orientation {number}": turned(number) for number in range(1, 9)},
    }


def hostile_images() -> dict[str, tuple[bytes, str]]:
    """Bytes to be refused, with the code of the refusal."""
    jpeg, shown = encoded(picture()), picture()
    flat = encoded(shown, "PNG")
    frames = [shown, shown.rotate(180)]
    text_bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(8_000_000), 9))
    profile_bomb = chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(8_000_000), 9))
    animated = encoded(shown, "PNG", save_all=True, append_images=frames[1:])
    scan = jpeg.index(b"\xff\xda")
    unsupported = {
        "nothing": b"",
        "one byte": b"\xff",
        "text": b"not an image",
        "page": b"<!doctype html><img src=x onerror=alert(1)>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "zip": b"PK\x03\x04" + bytes(26),
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        **{kind: encoded(shown, kind) for kind in ("GIF", "BMP", "TIFF", "WEBP", "ICO", "PPM", "TGA")},
        "gif before a jpeg": b"GIF89a" + jpeg,
        "jpeg behind a byte": b" " + jpeg,
        "png with wrong line ends": flat.replace(b"\r\n", b"\n", 1),
        "animated png": animated,
    }
    too_large = {
        "png of 10 thousand million pixels": png(100_000, 100_000),
        "png of 400 million pixels of one bit": png(20_000, 20_000, 1, 0, bytes(20_000 * 2501)),
        "png just above the limit": png(10_000, 5_001, 1, 0, bytes(5_001 * 1251)),
        "jpeg that claims 65535 x 65535": resized_header(jpeg, 65_535, 65_535),
        "jpeg of many scans": scan_bomb(),
        "17 million bytes": jpeg + bytes(17_000_000),
    }
    too_narrow = {
        "line of 65000 pixels": encoded(Image.new("L", (65_000, 1))),
        "column of 2 million pixels": png(1, 2_000_000, 1, 0, bytes(2 * 2_000_000)),
        "33 times as high as wide": encoded(Image.new("RGB", (10, 330)), "PNG"),
    }
    damaged = {
        "jpeg signature": b"\xff\xd8\xff",
        "png signature": b"\x89PNG\r\n\x1a\n",
        "jpeg of start and end": b"\xff\xd8\xff\xd9",
        "jpeg cut in its header": jpeg[:30],
        "jpeg cut before its scan": jpeg[:scan],
        "jpeg cut in the middle": jpeg[: len(jpeg) // 2],
        "jpeg without its last 30 bytes": jpeg[:-30],
        "jpeg without tables": jpeg.replace(b"\xff\xdb", b"\xff\xee"),
        "jpeg of no width": resized_header(jpeg, 0, 64),
        "jpeg without loss": jpeg.replace(b"\xff\xc0", b"\xff\xc3"),
        "jpeg with 12 bits": jpeg.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c"),
        "jpeg of zeros": jpeg[:scan] + bytes(2000),
        "png cut in its header": flat[:20],
        "png cut in the middle": flat[: len(flat) // 2],
        "png of no height": png(10, 0),
        "png without pixels": png(10, 10),
        "png with an unknown filter": png(64, 64, rows=b"\x09" * (193 * 64)),
        "png of an unknown colour type": png(64, 64, colour=5, rows=bytes(193 * 64)),
        "png of 3 bits": png(64, 64, depth=3, rows=bytes(193 * 64)),
        "png with a wrong checksum": flat[:29] + b"\0\0\0\0" + flat[33:],
        "png of something else": png(64, 64, rows=b"").replace(b"IDAT", b"IDAX"),
        "png with a bomb in a text": png(64, 64, rows=bytes(193 * 64), before=text_bomb),
        "png with a bomb in a profile": png(64, 64, rows=bytes(193 * 64), before=profile_bomb),
    }
    groups = {
        "unsupported-image": unsupported,
        "image-too-large": too_large,
        "image-too-narrow": too_narrow,
        "damaged-image": damaged,
    }
    return {name: (content, code) for code, group in groups.items() for name, content in group.items()}
