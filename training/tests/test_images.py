"""Decoding of images from outside: what is taken, what is refused, and that nothing else happens."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy
import pytest
from PIL import Image
from serving_samples import encoded, hostile_images, odd_images, picture, resized_header, turned

from breeds.images import ImageLimits, ImageRefused, decode_image
from breeds.preprocessing import load_image

LIMITS = ImageLimits()
ODD = odd_images()
HOSTILE = hostile_images()
SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(2**32)))


def code(content: bytes, limits: ImageLimits = LIMITS) -> str:
    with pytest.raises(ImageRefused) as refused:
        decode_image(content, limits)
    return refused.value.code


def test_the_corpus_has_at_least_forty_hostile_images() -> None:
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_image_is_refused_with_its_code(name: str) -> None:
    content, expected = HOSTILE[name]

    assert code(content) == expected


@pytest.mark.parametrize("name", ODD)
def test_an_odd_image_is_decoded_to_rgb(name: str) -> None:
    assert decode_image(ODD[name], LIMITS).mode == "RGB"


@pytest.mark.parametrize("name", ODD)
def test_what_evaluation_decodes_is_decoded_to_the_same_pixels(name: str) -> None:
    expected = load_image(io.BytesIO(ODD[name]))

    found = decode_image(ODD[name], LIMITS)

    assert (found.size, found.tobytes()) == (expected.size, expected.tobytes())


def test_sixteen_bits_of_grey_keep_their_range() -> None:
    found = numpy.asarray(decode_image(ODD["png of 16 bits"], LIMITS))

    assert (found == numpy.asarray(decode_image(ODD["grey png"], LIMITS))).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation: int) -> None:
    found = decode_image(turned(orientation), LIMITS)

    assert found.size == ((64, 96) if orientation >= 5 else (96, 64))
    # The camera's picture has its reddest column at the right: it must be where the tag puts it.
    red = numpy.asarray(found)[..., 0].astype(float)
    edges = {"right": red[:, -1], "left": red[:, 0], "bottom": red[-1], "top": red[0]}
    expected = {1: "right", 2: "left", 3: "left", 4: "right", 5: "bottom", 6: "bottom", 7: "top", 8: "top"}
    assert max(edges, key=lambda edge: edges[edge].mean()) == expected[orientation]


def test_cmyk_is_shown_in_the_colours_of_the_picture() -> None:
    found = numpy.asarray(decode_image(ODD["cmyk jpeg"], LIMITS)).astype(float)

    assert numpy.abs(found - numpy.asarray(picture()).astype(float)).mean() < 8


def test_each_limit_is_met_exactly() -> None:
    content = encoded(picture(96, 64))

    decode_image(content, replace(LIMITS, bytes=len(content), pixels=96 * 64, scanned_pixels=96 * 64))
    decode_image(encoded(picture(32, 1), "PNG"), LIMITS)

    assert code(content, replace(LIMITS, bytes=len(content) - 1)) == "image-too-large"
    assert code(content, replace(LIMITS, pixels=96 * 64 - 1)) == "image-too-large"
    assert code(content, replace(LIMITS, scanned_pixels=96 * 64 - 1)) == "image-too-large"
    assert code(encoded(picture(33, 1), "PNG")) == "image-too-narrow"


def test_the_refusal_tells_what_was_found_and_what_is_taken() -> None:
    with pytest.raises(ImageRefused, match="The image has 9000 x 8000 pixels; at most 50000000 in all are taken"):
        decode_image(resized_header(encoded(picture()), 9000, 8000), LIMITS)


def test_nothing_that_is_refused_takes_memory_out_of_proportion() -> None:
    """In a process of its own, which can be measured: the peak over the whole corpus."""
    program = (
        "import resource\n"
        "from serving_samples import hostile_images\n"
        "from breeds.images import ImageLimits, ImageRefused, decode_image\n"
        "corpus = hostile_images()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for content, _ in corpus.values():\n"
        "    try:\n"
        "        decode_image(content, ImageLimits())\n"
        "    except ImageRefused:\n"
        "        pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent)])
    result = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 150_000  # KiB


def mutated(content: bytes, rng: random.Random) -> bytes:
    """One to six changes of the kinds that transfers and attackers make."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at, length = rng.randrange(len(changed) + 1), rng.randint(1, 40)
        kind = rng.randrange(6)
        if kind == 0 and changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del changed[at : at + length]
        elif kind == 2:
            changed[at:at] = rng.randbytes(length)
        elif kind == 3:
            changed[at:at] = changed[at : at + length] * rng.randint(1, 20)
        elif kind == 4:
            del changed[at:]
        else:
            changed[at : at + 2] = rng.choice([b"\xff\xff", b"\0\0", b"\xff\xda", b"\xff\xc4", b"\x7f\xff"])
    return bytes(changed)


def test_any_change_of_an_image_is_decoded_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f" FUZZ_SEED={SEED} ", end="")
    rng = random.Random(SEED)
    originals = [encoded(picture()), encoded(picture(), progressive=True), *ODD.values()]
    limits = replace(LIMITS, pixels=4_000_000)
    outcomes = {"decoded": 0, "refused": 0}
    for number in range(1500):
        content = mutated(rng.choice(originals), rng)
        try:
            found = decode_image(content, limits)
        except ImageRefused:
            outcomes["refused"] += 1
        except Exception as error:
            raise AssertionError(f"FUZZ_SEED={SEED}, image {number}: {error!r}") from error
        else:
            outcomes["decoded"] += 1
            assert found.mode == "RGB" and found.width * found.height <= limits.pixels, f"FUZZ_SEED={SEED}"
    # A fuzzer that never gets past the first check, or never breaks anything, would prove nothing.
    assert min(outcomes.values()) > 100, outcomes


def test_a_bomb_that_pillow_finds_by_itself_has_the_same_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)

    assert code(encoded(picture())) == "image-too-large"
