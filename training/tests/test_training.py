"""The program from arguments to artifact on a tiny data set. Does not prove accuracy on real photographs."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
import torch
from conftest import CLASS_NAMES, COUNTS, Outcome, run
from safetensors.torch import load_file, save_file
from torchvision import models

from breeds.preprocessing import Preprocessing, evaluation_input, load_image
from breeds.serve.package import serving_files

NUMBER = r"([0-9.]+(?:e[-+]?[0-9]+)?)"
EPOCH_LINE = re.compile(
    rf"^epoch=(\d+) train_loss={NUMBER} validation_loss={NUMBER} validation_accuracy={NUMBER}"
    rf" images_per_second={NUMBER} data_wait_percent={NUMBER}$",
    re.MULTILINE,
)
TEST_LINE = re.compile(rf"^test_loss={NUMBER} test_accuracy={NUMBER} test_macro_recall={NUMBER}$", re.MULTILINE)


def test_beats_guessing_by_45_points(trained: Outcome) -> None:
    metrics = trained.metrics()

    chance, margin = 1 / 3, 0.45
    assert metrics["test"]["accuracy"] >= chance + margin
    assert metrics["test"]["macro_recall"] >= chance + margin
    assert metrics["test"]["images"] == sum(COUNTS["test"])


def test_prints_one_line_per_epoch_and_the_test_line_last(trained: Outcome) -> None:
    epochs = EPOCH_LINE.findall(trained.stdout)

    assert [int(epoch[0]) for epoch in epochs] == [1, 2, 3, 4, 5, 6]
    assert TEST_LINE.match(trained.stdout.splitlines()[-1])
    assert 0 <= float(epochs[0][5]) <= 100


def test_the_last_validation_loss_in_the_log_is_that_of_the_exported_weights(trained: Outcome) -> None:
    values = re.findall(rf"validation_loss={NUMBER}", trained.stdout)

    assert float(values[-1]) == min(float(value) for value in values)
    assert float(values[-1]) == pytest.approx(trained.metrics()["validation"]["loss"], abs=5e-5)


def test_says_loudly_that_weights_are_random(trained: Outcome) -> None:
    assert "WARNING: no pretrained weights. resnet18 starts from RANDOM weights." in trained.stdout


def test_the_artifact_is_complete_and_its_digests_are_right(trained: Outcome) -> None:
    folder = trained.folder / "model"
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {"class_to_idx.json", "manifest.json", "metrics.json", "model.safetensors", "preprocessing.json"}
    names |= set(serving_files())

    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == names
    assert set(manifest["files"]) == names - {"manifest.json"}
    for name, entry in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    assert json.loads((folder / "class_to_idx.json").read_text()) == dict(zip(CLASS_NAMES, range(3), strict=True))


def test_the_artifact_alone_gives_the_reported_test_accuracy(trained: Outcome, data: Path) -> None:
    folder = trained.folder / "model"
    manifest = json.loads((folder / "manifest.json").read_text())
    model = models.get_model(manifest["model"]["backbone"], weights=None, num_classes=manifest["model"]["classes"])
    model.load_state_dict(load_file(folder / "model.safetensors"))
    model.eval()
    preprocessing = Preprocessing.from_json(json.loads((folder / "preprocessing.json").read_text()))

    hits = 0
    for label, name in enumerate(CLASS_NAMES):
        for path in (data / "test" / name).iterdir():
            with torch.inference_mode():
                hits += int(model(evaluation_input(load_image(path), preprocessing)[None]).argmax()) == label

    assert hits / sum(COUNTS["test"]) == pytest.approx(trained.metrics()["test"]["accuracy"], abs=1e-9)


def test_a_frozen_backbone_keeps_every_tensor(data: Path, pretrained: Path, tmp_path: Path) -> None:
    more = ("--fine_tune", "head", "--epochs", "2", "--batch_size", "8", "--learning_rate", "0.01")
    outcome = run(data, tmp_path, *more, "--pretrained", str(pretrained))
    before, after = load_file(pretrained), load_file(tmp_path / "model" / "model.safetensors")

    changed = {name for name in after if not torch.equal(before[name], after[name])}
    assert changed == {"fc.weight", "fc.bias"}, outcome.stderr


def test_layer4_learns_but_its_statistics_and_all_below_stay(data: Path, pretrained: Path, tmp_path: Path) -> None:
    run(data, tmp_path, "--fine_tune", "layer4", "--epochs", "1", "--batch_size", "8", "--pretrained", str(pretrained))
    before, after = load_file(pretrained), load_file(tmp_path / "model" / "model.safetensors")

    changed = {name for name in after if not torch.equal(before[name], after[name])}
    assert "layer4.0.conv1.weight" in changed
    assert all(name.startswith(("layer4.", "fc.")) and "running_" not in name for name in changed)


def test_training_loss_is_a_mean_over_images_not_batches(data: Path, pretrained: Path, tmp_path: Path) -> None:
    more = ("--epochs", "1", "--learning_rate", "1e-6", "--pretrained", str(pretrained))

    uneven = run(data, tmp_path / "uneven", "--batch_size", "41", *more).metrics()["train"]["loss"]
    whole = run(data, tmp_path / "whole", "--batch_size", "42", *more).metrics()["train"]["loss"]

    assert uneven == pytest.approx(whole, rel=1e-4)


def test_stops_early_and_exports_the_best_epoch(data: Path, pretrained: Path, tmp_path: Path) -> None:
    more = ("--fine_tune", "full", "--epochs", "30", "--batch_size", "8", "--learning_rate", "1", "--patience", "2")
    outcome = run(data, tmp_path, *more, "--pretrained", str(pretrained))
    history = json.loads((tmp_path / "data" / "history.json").read_text())
    losses = [record["validation_loss"] for record in history]
    best = losses.index(min(losses)) + 1

    assert outcome.status == 0, outcome.stderr
    assert len(losses) == best + 2 < 30
    assert outcome.metrics()["best_epoch"] == best
    assert outcome.metrics()["validation"]["loss"] == losses[best - 1]


def test_undecodable_test_images_fail_only_the_final_test(own_data: Path, pretrained: Path, tmp_path: Path) -> None:
    for path in (own_data / "test").rglob("*.jpg"):
        path.write_bytes(b"poison " + path.name.encode())

    outcome = run(own_data, tmp_path, "--epochs", "2", "--batch_size", "8", "--pretrained", str(pretrained))

    assert outcome.status == 1
    assert len(EPOCH_LINE.findall(outcome.stdout)) == 2
    assert re.search(r"^error: .*/test/\S+\.jpg is not a readable image", outcome.stderr)
    assert not (tmp_path / "model" / "manifest.json").exists()


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_damaged_training_image_is_named_without_a_stack_trace(own_data: Path, tmp_path: Path, workers: str) -> None:
    damaged = own_data / "train" / CLASS_NAMES[1] / "Afghan_hound_00002.jpg"
    damaged.write_bytes(damaged.read_bytes()[:300])

    outcome = run(own_data, tmp_path, "--epochs", "1", "--workers", workers)

    assert outcome.status == 1
    assert outcome.stderr.startswith(f"error: {damaged} is not a readable image")
    assert "Traceback" not in outcome.stderr


def test_a_loss_that_is_not_a_number_fails_the_run(own_data: Path, pretrained: Path, tmp_path: Path) -> None:
    state = load_file(pretrained)
    state["layer4.0.conv1.weight"][0] = float("nan")
    save_file(state, tmp_path / "resnet18-broken.safetensors")

    outcome = run(own_data, tmp_path, "--epochs", "3", "--pretrained", str(tmp_path / "resnet18-broken.safetensors"))

    assert outcome.status == 1
    assert outcome.stderr.startswith("error: the training loss became nan in epoch 1 at learning rate 0.001.")
    assert "epoch=" not in outcome.stdout
    assert not (tmp_path / "model").exists()
