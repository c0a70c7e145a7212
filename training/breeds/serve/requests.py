"""What a request asks for: its images, still encoded, and the form of the answer. Pure, and without torch."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from breeds.images import ImageLimits, image_format
from breeds.serve.problem import Problem

LABELS = "application/vnd.sagemaker-ops.labels+json"
LOGITS = "application/json"
DEFAULT_TOP = 5

# The bytes decide: these say only that they are an image.
ANY_IMAGE = ("application/octet-stream", "application/x-image", "image/*")
IMAGE_TYPES = {"image/jpeg": "JPEG", "image/jpg": "JPEG", "image/png": "PNG"}


@dataclass(frozen=True)
class Limits:
    """What one request may cost."""

    body_bytes: int = 32 * 1024 * 1024
    images: int = 32
    image: ImageLimits = field(default_factory=ImageLimits)


@dataclass(frozen=True)
class Request:
    """A request as its transport brings it; header values may be empty."""

    body: bytes
    content_type: str = ""
    accept: str = ""
    # `?top=` of the local server; SageMaker passes no query on.
    top: str | None = None


@dataclass(frozen=True)
class Asked:
    """Encoded images, and how many labels to answer with, from the likeliest on; None: the logits."""

    images: Sequence[bytes]
    top: int | None


def read_request(request: Request, classes: int, limits: Limits) -> Asked:
    """Raises Problem for anything but images that are sent as JPEG, as PNG, or in base64 in JSON."""
    if len(request.body) > limits.body_bytes:
        raise body_too_large(len(request.body), limits)
    top = read_accept(request.accept, classes)
    images, own_top = _images(request, limits)
    for value in (request.top, own_top):
        top = top if value is None else _top(value, classes)
    return Asked(images, top)


def read_accept(accept: str, classes: int) -> int | None:
    """How many labels the header asks for; None for logits.

    The labels' media type may say a number: `application/vnd.sagemaker-ops.labels+json;top=3`.
    Raises Problem when neither form is acceptable.
    """
    ranges = [_media_type(part) for part in accept[:1024].split(",") if part.strip()] or [(LOGITS, {})]
    refused = re.compile(r"0(\.0*)?")
    wanted = [(name, given) for name, given in ranges if not refused.fullmatch(given.get("q", ""))]
    for name, parameters in wanted:
        if name == LABELS:
            # More than there are is not an error where no number was asked for.
            return _top(parameters["top"], classes) if "top" in parameters else min(DEFAULT_TOP, classes)
    if any(name in (LOGITS, "application/*", "*/*") for name, _ in wanted):
        return None
    raise Problem("not-acceptable", f"Answers are {LOGITS} (logits) or {LABELS} (labels).")


def body_too_large(size: int | None, limits: Limits) -> Problem:
    """For a size that is known, or found out to be too large while the body comes."""
    found = "more" if size is None else str(size)
    return Problem("body-too-large", f"The request has {found} bytes; at most {limits.body_bytes} are taken.")


def _media_type(text: str) -> tuple[str, dict[str, str]]:
    name, *rest = (part.strip() for part in text.split(";"))
    pairs = (part.partition("=") for part in rest)
    return name.lower(), {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}


def _images(request: Request, limits: Limits) -> tuple[Sequence[bytes], Any]:
    if request.body == b"":
        raise Problem("malformed-request", "The body is empty; send the image in it.")
    name, _ = _media_type(request.content_type)
    if re.fullmatch(r"application/([\w.-]+\+)?json", name):
        return _read_json(request.body, limits)
    if name not in IMAGE_TYPES and name not in ANY_IMAGE:
        sent = f"The content type is {name[:80]!r}" if name else "The request has no content type"
        raise Problem("unsupported-type", f"{sent}; image/jpeg, image/png and application/json are taken.")
    found = image_format(request.body)
    if name in IMAGE_TYPES and found not in (None, IMAGE_TYPES[name]):
        raise Problem("unsupported-image", f"The content type is {name}, but the body is a {found}.")
    return [request.body], None


def _read_json(body: bytes, limits: Limits) -> tuple[Sequence[bytes], Any]:
    # Base64 has none of these characters, so their number bounds depth and size of what the parser would build:
    # a body of "[[[[" or "{},{}," takes fifty times its length as objects.
    if sum(body.count(mark) for mark in (b"[", b"{", b",", b":")) > 16 + 8 * limits.images:
        raise Problem("malformed-request", f"The JSON has too many parts; at most {limits.images} images are taken.")
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_number,
        )
    # UnicodeDecodeError and JSONDecodeError are ValueErrors; the parser's own text would quote the body.
    except (ValueError, RecursionError) as error:
        raise Problem("malformed-request", "The body is not JSON in UTF-8.") from error
    if isinstance(value, list):
        return _batch(value, limits), None
    if not isinstance(value, Mapping):
        raise Problem("malformed-request", 'Send {"image": "<base64>"}, {"images": […]} or a list of images.')
    unknown = sorted(set(value) - {"image", "images", "url", "top"})
    if unknown:
        raise Problem("malformed-request", f'{unknown[0][:40]!r} is not a field; "image", "images" and "top" are.')
    if "image" in value and "images" in value:
        raise Problem("malformed-request", 'Send "images" or one image, not both.')
    if "images" in value:
        return _batch(value["images"], limits), value.get("top")
    return [_image(_without_top(value), limits)], value.get("top")


def _batch(entries: Any, limits: Limits) -> list[bytes]:
    if not isinstance(entries, list) or entries == []:
        raise Problem("malformed-request", "Several images must be a list of at least one.")
    if len(entries) > limits.images:
        raise Problem("too-many-images", f"The request has {len(entries)} images; at most {limits.images} are taken.")
    images = []
    for index, entry in enumerate(entries):
        try:
            images.append(_image(entry, limits))
        except Problem as problem:
            raise problem.at(index) from problem.__cause__
    return images


def _image(entry: Any, limits: Limits) -> bytes:
    if isinstance(entry, Mapping):
        if "url" in entry:
            raise Problem("url-not-accepted", 'URLs are not fetched. Send the image itself: {"image": "<base64>"}.')
        entry = entry.get("image") if set(entry) == {"image"} else None
    if not isinstance(entry, str):
        raise Problem("malformed-request", 'An image must be base64 text, or {"image": "<base64 of a JPEG or PNG>"}.')
    if len(entry) // 4 * 3 > limits.image.bytes + 2:
        size = len(entry) // 4 * 3
        raise Problem("image-too-large", f"The image has {size} bytes; at most {limits.image.bytes} are taken.")
    try:
        content = base64.b64decode(entry, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Problem("malformed-request", "The image is not base64 text, padded and without line breaks.") from error
    if content == b"":
        raise Problem("malformed-request", "The image is empty.")
    return content


def _without_top(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key != "top"}


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key comes twice")
    return fields


def _number(text: str) -> float:
    """Only `top` is a number, and it is short; Infinity, fractions and endless digits become what no field takes."""
    return int(text) if re.fullmatch(r"-?\d{1,9}", text) else math.nan


def _top(value: Any, classes: int) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= classes:
        raise Problem("malformed-request", f'"top" must be a whole number from 1 to {classes}.')
    return value
