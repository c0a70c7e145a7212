"""Numbers about a model against plain loops over its answers."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import torch
from conftest import CLASS_NAMES, COUNTS, Outcome, write_data

from breeds import svg
from breeds.archive import pack
from breeds.calibration import Predictions, expected_calibration_error, most_confused
from breeds.data import evaluation_batches
from breeds.distributed import Process
from breeds.evaluate import evaluation, main
from breeds.evaluation import evaluate
from breeds.folders import scan
from breeds.preprocessing import Preprocessing


def answers(images: int, classes: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, classes, (images,), generator=generator)
    logits = torch.randn(images, classes, generator=generator)
    logits[torch.arange(images), labels] += 1.0
    return logits, labels


def reference(logits: torch.Tensor, labels: torch.Tensor, classes: int) -> dict[str, Any]:
    """The definitions, image by image, in plain Python."""
    confusion = [[0] * classes for _ in range(classes)]
    loss, right, by_bin = 0.0, 0, [[] for _ in range(15)]  # type: ignore[var-annotated]
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        total = math.fsum(math.exp(value) for value in row)
        answer = max(range(classes), key=lambda place: row[place])
        confidence = math.exp(row[answer]) / total
        loss -= math.log(math.exp(row[label]) / total)
        right += answer == label
        confusion[label][answer] += 1
        by_bin[math.ceil(confidence * 15) - 1].append((confidence, answer == label))
    distances = [abs(sum(hit for _, hit in one) - sum(sure for sure, _ in one)) for one in by_bin if one]
    recalls = [row[label] / sum(row) for label, row in enumerate(confusion) if sum(row)]
    return {
        "loss": loss / len(labels),
        "accuracy": right / len(labels),
        "macro_recall": sum(recalls) / len(recalls),
        "confusion": confusion,
        "error": sum(distances) / len(labels),
        "bins": [len(one) for one in by_bin],
    }


@pytest.mark.parametrize(("images", "classes", "seed"), [(1, 2, 0), (500, 7, 1), (60, 40, 2), (300, 2, 3)])
def test_all_numbers_equal_a_plain_reference(images: int, classes: int, seed: int) -> None:
    logits, labels = answers(images, classes, seed)
    names = [f"class {number}" for number in range(classes)]

    found, expected = evaluation(logits, labels, names), reference(logits, labels, classes)

    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-6)
    assert found["accuracy"] == pytest.approx(expected["accuracy"])
    assert found["macro_recall"] == pytest.approx(expected["macro_recall"])
    assert found["confusion"] == expected["confusion"]
    assert found["calibration"]["expected_calibration_error"] == pytest.approx(expected["error"], abs=1e-9)
    assert [one["images"] for one in found["calibration"]["bins"]] == expected["bins"]


@pytest.mark.parametrize("batch_size", [4, 5, 17])
def test_what_training_reports_equals_the_plain_reference_whatever_the_batches(data: Path, batch_size: int) -> None:
    split = scan(data).splits["valid"]
    alone = Process(0, 1, torch.device("cpu"))
    torch.manual_seed(4)
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 32 * 32, 3))
    batches = evaluation_batches(split, Preprocessing.of_size(32), alone, batch_size, 0)
    with torch.inference_mode():
        logits = torch.cat([model(inputs) for inputs, _ in batches])
    labels = torch.tensor(split.labels)
    expected = reference(logits, labels, 3)

    found = evaluate(model, batches, 3, alone)

    assert found.loss == pytest.approx(expected["loss"], rel=1e-5)
    assert found.accuracy == pytest.approx(expected["accuracy"])
    assert found.macro_recall == pytest.approx(expected["macro_recall"])


def test_a_confident_model_that_is_right_half_the_time_is_off_by_half() -> None:
    predictions = Predictions(torch.tensor([0, 1, 0, 1]), torch.zeros(4).long(), torch.full((4,), 1.0))
    bins = predictions.bins(10)

    assert expected_calibration_error(bins) == pytest.approx(0.5)
    assert [one.images for one in bins] == [0] * 9 + [4]
    assert (bins[0].confidence, bins[0].accuracy) == (None, None)


def test_a_confidence_on_the_edge_of_two_bins_is_in_the_lower_one() -> None:
    edges = torch.tensor([0.25, 0.5, 1.0], dtype=torch.float64)
    predictions = Predictions(torch.zeros(3).long(), torch.zeros(3).long(), edges)

    assert [one.images for one in predictions.bins(4)] == [1, 1, 0, 1]


def test_a_calibrated_model_is_off_by_nothing() -> None:
    right = torch.tensor([0] * 8 + [1] * 2)
    predictions = Predictions(right, torch.zeros(10).long(), torch.full((10,), 0.8, dtype=torch.float64))

    assert expected_calibration_error(predictions.bins(7)) == pytest.approx(0.0, abs=1e-12)


def test_the_commonest_mistakes_come_first_and_answers_that_are_right_never() -> None:
    confusion = [[9, 2, 0], [5, 1, 0], [0, 2, 8]]

    assert most_confused(confusion, ["a", "b", "c"], 2) == [
        {"class": "b", "seen_as": "a", "images": 5},
        {"class": "a", "seen_as": "b", "images": 2},
    ]


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
def test_the_command_gives_the_numbers_that_training_gave(
    trained: Outcome, data: Path, tmp_path: Path, packed: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    artifact = trained.folder / "model"
    if packed:
        pack(artifact, tmp_path / "model.tar.gz")
        artifact = tmp_path / "model.tar.gz"
    places = ["--artifact", str(artifact), "--data", str(data), "--output", str(tmp_path / "out"), "--workers", "0"]

    assert main([*places, "--split", "test"]) == 0

    values = json.loads((tmp_path / "out" / "evaluation.json").read_text())
    expected = trained.metrics()["test"]
    assert values["accuracy"] == expected["accuracy"]
    assert values["loss"] == pytest.approx(expected["loss"], rel=1e-4, abs=1e-7)
    assert values["classes"] == expected["classes"]
    assert sum(map(sum, values["confusion"])) == sum(COUNTS["test"])
    assert capsys.readouterr().out.startswith("split=test images=20 loss=")
    for name in ("confusion.svg", "reliability.svg", "recall.svg"):
        assert ElementTree.parse(tmp_path / "out" / name).getroot().tag == "{http://www.w3.org/2000/svg}svg"
    assert CLASS_NAMES[0] in (tmp_path / "out" / "confusion.svg").read_text()


def test_validation_is_the_default_so_that_test_is_not_opened_by_habit(
    trained: Outcome, own_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (own_data / "test").rglob("*.jpg"):
        path.write_bytes(b"poison " + path.name.encode())
    places = ["--artifact", str(trained.folder / "model"), "--data", str(own_data), "--output", str(tmp_path / "out")]

    assert main([*places, "--workers", "0"]) == 0
    assert capsys.readouterr().out.startswith("split=valid images=9 ")


def test_an_artifact_of_other_classes_or_a_tampered_one_is_refused(
    trained: Outcome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_data(tmp_path / "dogImages", dict.fromkeys(("train", "valid", "test"), (1, 1, 1)))
    for split in ("train", "valid", "test"):
        (root / split / CLASS_NAMES[2]).rename(root / split / "004.Other")
    places = ["--artifact", str(trained.folder / "model"), "--data", str(root), "--output", str(tmp_path / "out")]

    assert main(places) == 1
    assert "has other classes than the artifact: 3 folders, 3 labels" in capsys.readouterr().err

    pack(trained.folder / "model", tmp_path / "model.tar.gz")
    content = bytearray((tmp_path / "model.tar.gz").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "model.tar.gz").write_bytes(content)
    assert main([*places, "--artifact", str(tmp_path / "model.tar.gz")]) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_charts_are_well_formed_for_any_data_and_escape_names() -> None:
    rng = random.Random(3)
    names = [f"<{number}> & co" for number in range(133)]
    rows = [[rng.choice([0, 0, 3]) for _ in names] for _ in names]
    charts = [
        svg.matrix("a < b", names, rows),
        svg.matrix("few", names[:3], [[0, 0, 0], [1, 2, 3], [0, 0, 1]]),
        svg.lines("none", "x", {}),
        svg.lines("one point", "x", {"a & b": [(1.0, 0.0)]}),
        svg.reliability("empty", [(0.0, 1.0, None, None, 0)]),
    ]

    for chart in charts:
        assert "nan" not in chart
        ElementTree.fromstring(chart)
    assert "<title>&lt;0&gt; &amp; co seen as" in charts[1]
