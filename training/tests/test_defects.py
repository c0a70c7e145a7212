"""docs/training-defects.md names tests; this holds that they exist, and holds the fixes that no other test does."""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
import torch
from packaging.requirements import Requirement
from torch import Tensor, nn
from torch.utils.data import DataLoader

from breeds.arguments import parse
from breeds.checkpoint import NoCheckpoints
from breeds.data import EpochSampler, evaluation_batches, training_batches
from breeds.distributed import Process, start
from breeds.errors import TrainingError
from breeds.evaluation import evaluate
from breeds.folders import scan
from breeds.interruption import StopRequest
from breeds.loop import Training
from breeds.model import build
from breeds.preprocessing import Preprocessing

REPOSITORY = Path(__file__).parents[2]
DOCUMENT = REPOSITORY / "docs" / "training-defects.md"
ALONE = Process(0, 1, torch.device("cpu"))


def rows() -> list[list[str]]:
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_defect_of_the_starter_names_its_fix_and_a_test_that_exists() -> None:
    assert [row[0] for row in rows()] == [str(number) for number in range(1, 19)]
    for _number, _defect, fix, tests in rows():
        named = re.findall(r"`([^`]+)`", tests)
        assert fix and named
        for name in named:
            file, _, test = name.partition("::")
            source = (REPOSITORY / file).read_text()
            if file.endswith(".ts"):
                title = re.escape(test.removeprefix("reads "))
                assert re.search(rf'(it\("{title}"|\[\s*"{title}",)', source), name
                continue
            functions = [node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
            assert functions.count(test) == 1, name


def test_model_and_batch_go_to_the_device_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    # "meta" stands for a GPU: an operation on tensors of two devices fails on it as well.
    process = Process(0, 1, torch.device("meta"))
    values = parse(["--fine_tune", "full"], {})
    training = Training(build("resnet18", 3, "full", None), values, process, NoCheckpoints(), StopRequest())
    item = Tensor.item
    monkeypatch.setattr(Tensor, "item", lambda self: "meta" if self.is_meta else item(self))
    monkeypatch.setattr(torch, "autocast", lambda *_parts, **_more: contextlib.nullcontext())

    loss = training._step(training.model, torch.zeros(2, 3, 32, 32), torch.zeros(2, dtype=torch.long))

    assert str(loss) == "meta"
    assert {parameter.device.type for parameter in training.model.parameters()} == {"meta"}


def test_a_gpu_is_taken_where_there_is_one_and_missed_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(torch.cuda, "is_available", lambda: False)
        assert start("auto", "full", {}).device == torch.device("cpu")
        with pytest.raises(TrainingError, match="device cuda was asked for, but no GPU can be used"):
            start("cuda", "full", {})
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "set_device", lambda _device: None)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert start("auto", "full", {}).device == torch.device("cuda", 0)
    assert start("cpu", "full", {}).device == torch.device("cpu")


def test_evaluation_changes_nothing_and_has_no_chance_in_it(data: Path) -> None:
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.5), nn.Flatten(), nn.Linear(4 * 30 * 30, 3)
    ).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    seen: list[bool] = []
    model.register_forward_hook(lambda _model, _inputs, output: seen.append(output.requires_grad))
    batches = evaluation_batches(scan(data).splits["valid"], Preprocessing.of_size(32), ALONE, 8, 0)

    first, second = (evaluate(model.train(), batches, 3, ALONE) for _ in range(2))

    assert first == second
    assert set(seen) == {False}
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("make", ["training", "evaluation"])
def test_images_are_read_by_workers_that_stay_and_are_shuffled_for_training_alone(data: Path, make: str) -> None:
    split, size = scan(data).splits["train"], Preprocessing.of_size(32)
    builders: dict[str, Callable[[], object]] = {
        "training": lambda: training_batches(split, size, EpochSampler(42, ALONE, 1), 1, 8, 2),
        "evaluation": lambda: evaluation_batches(split, size, ALONE, 8, 2),
    }
    batches = builders[make]()

    assert isinstance(batches, DataLoader)
    assert (batches.num_workers, batches.persistent_workers) == (2, True)
    order = [key[1] if make == "training" else key for key in batches.sampler]
    assert sorted(order) == list(range(42))
    assert (order == sorted(order)) == (make == "evaluation")


def test_the_head_gives_logits_and_learns_from_all_of_its_classes() -> None:
    training = Training(
        build("resnet18", 134, "head", None),
        parse(["--learning_rate", "0.1"], {}),
        ALONE,
        NoCheckpoints(),
        StopRequest(),
    )
    bias = training.model.get_parameter("fc.bias")
    before = bias.detach().clone()

    # The starter leaves out label 133.
    loss = training._step(training.model, torch.zeros(2, 3, 32, 32), torch.tensor([133, 133]))

    assert loss == pytest.approx(torch.log(torch.tensor(134.0)).item(), abs=0.5)
    assert bias[133] > before[133]
    assert torch.all(bias[:133] < before[:133])


def requirements(name: str) -> list[Requirement]:
    lines = (REPOSITORY / "training" / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line[:1].isalpha()]


def pins(python: str) -> dict[str, str]:
    """The versions of constraints.txt for one Python, which must have at most one of each package."""
    chosen: dict[str, str] = {}
    for one in requirements("constraints.txt"):
        if one.marker is not None and not one.marker.evaluate({"python_version": python}):
            continue
        (pin,) = one.specifier
        assert one.name not in chosen and pin.operator == "==", f"{one} for Python {python}"
        chosen[one.name] = pin.version
    return chosen


PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


@pytest.mark.parametrize("python", PYTHONS)
def test_tested_versions_lie_in_the_ranges_that_a_job_installs(python: str) -> None:
    ranges = requirements("requirements.txt")
    chosen = pins(python)

    assert [one.name for one in ranges] == ["torch", "torchvision", "safetensors", "pillow", "numpy"]
    for one in ranges:
        assert re.fullmatch(r"<\d+,>=[\d.]+", str(one.specifier)), one
        assert one.specifier.contains(chosen[one.name]), one
    # CVE-2026-24747: weights_only could be bypassed below.
    assert {str(one.specifier) for one in ranges if one.name == "torch"} == {"<3,>=2.10"}


def test_every_python_that_the_package_takes_has_the_same_packages_pinned() -> None:
    project = (REPOSITORY / "training" / "pyproject.toml").read_text()
    tested = re.search(r'^test = \["(.*)"\]$', project, re.MULTILINE)
    assert tested is not None
    needed = {one.name for one in requirements("requirements.txt")} | set(tested[1].split('", "'))

    for python in PYTHONS:
        assert needed <= set(pins(python))
    # In later versions they are part of Python.
    older = set(pins("3.10")) - set(pins("3.11"))
    assert older == {"exceptiongroup", "tomli"}
    assert all(set(pins(python)) == set(pins("3.10")) - older for python in PYTHONS[1:])
    # tomllib came with 3.11. The oldest one is what the types are checked and the code is linted for.
    assert 'requires-python = ">=3.10"' in project
    assert 'python_version = "3.10"' in project
    assert 'target-version = "py310"' in project


def test_what_the_packages_bring_along_is_pinned_too() -> None:
    """In this environment, from package to package; a version that a package names to the digit needs no line."""
    pinned = pins(".".join(map(str, sys.version_info[:2])))
    ends = [Requirement(name) for name in ("torch", "torchvision", "safetensors", "pytest", "ruff", "mypy")]
    seen: set[str] = set()
    exact: set[str] = set()

    while ends:
        one = ends.pop()
        for line in metadata.requires(one.name) or []:
            needed = Requirement(line)
            extras = one.extras or {""}
            if needed.marker is not None and not any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                continue
            name = needed.name.lower().replace("_", "-")
            exact |= {name for pin in needed.specifier if pin.operator == "=="}
            if name not in seen:
                seen.add(name)
                ends.append(needed)

    assert "typing-extensions" in seen
    assert seen - exact - set(pinned) == set()
