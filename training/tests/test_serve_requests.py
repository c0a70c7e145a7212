"""What a request may hold, and the form of the answer it asks for."""

from __future__ import annotations

import base64
import json
import os
import random

import pytest
from serving_samples import encoded, picture

from breeds.images import ImageLimits
from breeds.serve.problem import Problem
from breeds.serve.requests import LABELS, Asked, Limits, Request, read_request

LIMITS = Limits(images=4)
JPEG, PNG = encoded(picture()), encoded(picture(), "PNG")
TEXT = base64.b64encode(JPEG).decode()
SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(2**32)))


def read(body: bytes, content_type: str = "application/json", accept: str = "", top: str | None = None) -> Asked:
    return read_request(Request(body, content_type, accept, top), 10, LIMITS)


def refusal(body: bytes, content_type: str = "application/json", accept: str = "", top: str | None = None) -> Problem:
    with pytest.raises(Problem) as problem:
        read(body, content_type, accept, top)
    return problem.value


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (JPEG, "image/jpeg"),
        (JPEG, "image/jpg"),
        (JPEG, "IMAGE/JPEG; charset=binary"),
        (PNG, "image/png"),
        (JPEG, "application/x-image"),
        (PNG, "application/octet-stream"),
    ],
)
def test_a_body_may_be_the_image_itself(body: bytes, content_type: str) -> None:
    assert read(body, content_type) == Asked([body], None)


@pytest.mark.parametrize(
    ("value", "images"),
    [
        ({"image": TEXT}, 1),
        ([TEXT], 1),
        ([TEXT, TEXT], 2),
        ({"images": [TEXT, {"image": TEXT}]}, 2),
        ([{"image": TEXT}] * 4, 4),
    ],
)
def test_json_may_hold_one_image_or_several(value: object, images: int) -> None:
    assert read(json.dumps(value).encode()) == Asked([JPEG] * images, None)
    assert read(json.dumps(value, indent=2).encode(), "application/x.y+json") == Asked([JPEG] * images, None)


@pytest.mark.parametrize(
    ("body", "code", "detail"),
    [
        (b"", "malformed-request", "The body is empty"),
        (b"{", "malformed-request", "not JSON"),
        (b"\xff\xfe{", "malformed-request", "not JSON in UTF-8"),
        (b"\xef\xbb\xbf{}", "malformed-request", "not JSON"),
        (b"{} {}", "malformed-request", "not JSON"),
        (b'{"image": "QUJD", "image": "QUJD"}', "malformed-request", "not JSON"),
        (b"7", "malformed-request", "Send {"),
        (b"null", "malformed-request", "Send {"),
        (b'"QUJD"', "malformed-request", "Send {"),
        (b"{}", "malformed-request", "An image must be base64 text"),
        (b"[]", "malformed-request", "at least one"),
        (b'{"images": []}', "malformed-request", "at least one"),
        (b'{"images": "QUJD"}', "malformed-request", "at least one"),
        (b'{"image": "QUJD", "images": ["QUJD"]}', "malformed-request", "not both"),
        (b'{"picture": "QUJD"}', "malformed-request", "'picture' is not a field"),
        (b'{"image": null}', "malformed-request", "An image must be base64 text"),
        (b'{"image": {"image": "QUJD"}, "top": 1}', "malformed-request", "An image must be base64 text"),
        (b'{"image": 1e22}', "malformed-request", "An image must be base64 text"),
        (b'["QUJD", NaN]', "malformed-request", "Image 1: An image must be base64 text"),
        (b'["QUJD", Infinity]', "malformed-request", "Image 1: An image must be base64 text"),
        (b'["QUJD", 7777]', "malformed-request", "Image 1: An image must be base64 text"),
        (b'["QUJD", ["QUJD"]]', "malformed-request", "Image 1: An image must be base64 text"),
        (b'{"image": ""}', "malformed-request", "The image is empty"),
        (b'{"image": "QUJ"}', "malformed-request", "not base64"),
        (b'{"image": "QUJD\\n"}', "malformed-request", "not base64"),
        (b'{"image": "QU-_"}', "malformed-request", "not base64"),
        (b'{"image": "QUJD=QUJD"}', "malformed-request", "not base64"),
        (b'{"image": "\\ud800"}', "malformed-request", "not base64"),
        (b'{"image": "data:image/jpeg;base64,QUJD"}', "malformed-request", "not base64"),
        (b'{"url": "http://169.254.169.254/latest"}', "url-not-accepted", "URLs are not fetched"),
        (b'[{"url": "file:///etc/passwd"}]', "url-not-accepted", "Image 0: URLs are not fetched"),
        (b'["QUJD", "QUJD", "QUJD", "QUJD", "QUJD"]', "too-many-images", "5 images; at most 4"),
        (b"[" * 100_000, "malformed-request", "too many parts"),
        (b'{"image":' * 100_000, "malformed-request", "too many parts"),
        (b"[" + b"{}," * 1_000_000 + b"{}]", "malformed-request", "too many parts"),
        (b'{"top": ' + b"9" * 1_000_000 + b', "image": "QUJD"}', "malformed-request", '"top" must be'),
    ],
)
def test_json_that_holds_anything_else_is_refused(body: bytes, code: str, detail: str) -> None:
    problem = refusal(body)

    assert (problem.code, problem.status) == (code, 400)
    assert detail in problem.detail
    assert len(problem.detail) < 200


def test_the_size_of_an_image_is_checked_before_it_is_decoded() -> None:
    limits = Limits(image=ImageLimits(bytes=300))
    exact, above = (base64.b64encode(bytes(size)).decode() for size in (300, 303))

    assert len(read_request(Request(json.dumps([exact]).encode(), "application/json"), 10, limits).images[0]) == 300
    with pytest.raises(Problem, match=r"image-too-large: Image 0: The image has 303 bytes; at most 300"):
        read_request(Request(json.dumps([above]).encode(), "application/json"), 10, limits)


def test_the_size_of_the_body_is_limited() -> None:
    limits = Limits(body_bytes=len(JPEG))

    assert read_request(Request(JPEG, "image/jpeg"), 10, limits).images == [JPEG]
    with pytest.raises(Problem, match="body-too-large"):
        read_request(Request(JPEG + b"\0", "image/jpeg"), 10, limits)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data; boundary=x", "application/xml", "json"]
)
def test_another_content_type_is_refused_by_name(content_type: str) -> None:
    problem = refusal(JPEG, content_type)

    assert (problem.code, problem.status) == ("unsupported-type", 415)
    assert "image/jpeg, image/png and application/json are taken" in problem.detail


def test_a_content_type_that_the_bytes_contradict_is_refused() -> None:
    assert refusal(JPEG, "image/png").detail == "The content type is image/png, but the body is a JPEG."
    assert refusal(PNG, "image/jpeg").code == "unsupported-image"


@pytest.mark.parametrize(
    ("accept", "top"),
    [
        ("", None),
        ("*/*", None),
        ("application/json", None),
        ("application/*;q=0.1, text/html", None),
        (LABELS, 5),
        (f"{LABELS};top=3", 3),
        (f'{LABELS.upper()} ; top="10"', 10),
        (f"application/json, {LABELS};q=0.5", 5),
        (f"application/json, {LABELS};q=0", None),
        (f"application/json, {LABELS};q=0.000", None),
    ],
)
def test_accept_chooses_logits_or_labels(accept: str, top: int | None) -> None:
    assert read(JPEG, "image/jpeg", accept).top == top


def test_a_form_that_there_is_not_is_refused() -> None:
    assert refusal(JPEG, "image/jpeg", "text/csv").status == 406
    assert refusal(JPEG, "image/jpeg", "application/json;q=0").status == 406


def test_a_number_of_labels_overrules_the_media_type() -> None:
    body = json.dumps({"image": TEXT, "top": 2}).encode()

    assert read(body).top == 2
    assert read(body, accept=f"{LABELS};top=3").top == 2
    assert read(JPEG, "image/jpeg", top="4").top == 4
    assert read(json.dumps({"image": TEXT, "top": None}).encode(), accept=LABELS).top == 5
    assert read_request(Request(JPEG, "image/jpeg", LABELS), 3, LIMITS).top == 3


@pytest.mark.parametrize(
    "top", ["0", "11", "-1", "1.5", "1e0", "true", '"x"', "[1]", "NaN", "Infinity", '"1e0"', '"٣"']
)
def test_a_number_of_labels_that_cannot_be_is_refused(top: str) -> None:
    problem = refusal(f'{{"image": "QUJD", "top": {top}}}'.encode())

    assert (problem.code, problem.detail) == ("malformed-request", '"top" must be a whole number from 1 to 10.')


def test_any_change_of_a_json_request_is_read_or_refused() -> None:
    rng = random.Random(SEED)
    short = base64.b64encode(b"\xff\xd8\xff").decode()
    samples = [{"image": short}, {"images": [short, {"image": short}], "top": 3}, [short] * 3]
    marks = [
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b":",
        b",",
        b"\\",
        b"\\u0000",
        b"NaN",
        b"-",
        b"1e999",
        b"\xff",
        b"\0",
        b"null",
    ]
    outcomes = {"read": 0, "refused": 0}
    for number in range(5000):
        body = bytearray(json.dumps(rng.choice(samples)).encode())
        for _ in range(rng.randint(0, 4)):
            at = rng.randrange(len(body) + 1)
            body[at : at + rng.randrange(4)] = rng.choice(marks) * rng.choice([1, 1, 1, 50])
        try:
            asked = read(bytes(body))
        except Problem as problem:
            outcomes["refused"] += 1
            assert 400 <= problem.status < 500, f"FUZZ_SEED={SEED}, request {number}"
        except Exception as error:
            raise AssertionError(f"FUZZ_SEED={SEED}, request {number}: {error!r}") from error
        else:
            outcomes["read"] += 1
            assert all(type(image) is bytes for image in asked.images), f"FUZZ_SEED={SEED}"
    assert min(outcomes.values()) > 500, outcomes
