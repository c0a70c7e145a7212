"""Each rule where it answers and where it does not, on made-up courses and on trainings that go wrong on purpose."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import CLASS_NAMES, Outcome, run
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.functional import cross_entropy

from breeds.diagnosis import Observed, diagnose
from breeds.distributed import Process
from breeds.metrics import EpochRecord
from breeds.recorder import LIMIT, PHASES, Recorder
from breeds.report import summary, write_report

ALONE = Process(0, 1, torch.device("cpu"))
GOOD = [(1.5, 1.6), (1.0, 1.2), (0.8, 1.1)]


def course(losses: list[tuple[float, float]], waits: list[float] | None = None) -> tuple[EpochRecord, ...]:
    shares = waits or [2.0] * len(losses)
    return tuple(
        EpochRecord(number, train, validation, 0.5, 100.0, wait)
        for number, ((train, validation), wait) in enumerate(zip(losses, shares, strict=True), 1)
    )


def steps(fc: list[float], layer4: list[float] | None = None, first_loss: float = 1.7) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "epoch": 1,
            "step": 1 + 10 * number,
            "loss": first_loss,
            **dict.fromkeys(PHASES, 0.01),
            "gradients": {"fc": value, **({"layer4": layer4[number]} if layer4 else {})},
        }
        for number, value in enumerate(fc)
    )


HEALTHY = Observed(course(GOOD), steps([1e-2, 9e-3, 7e-3], [1e-3, 8e-4, 6e-4]), classes=5, silent_share=0.1)


def fired(observed: Observed) -> dict[str, str]:
    return {finding.rule: finding.message for finding in diagnose(observed) if finding.fired}


def test_a_healthy_course_gives_no_finding() -> None:
    assert fired(HEALTHY) == {}
    assert len(diagnose(HEALTHY)) == 7


def test_no_epoch_and_no_sample_give_no_finding() -> None:
    assert fired(Observed((), (), classes=5)) == {}


@pytest.mark.parametrize(
    ("rule", "changed", "message"),
    [
        (
            "data_loader_stall",
            {"history": course(GOOD, [40.0, 30.0, 2.0])},
            "In 2 of 3 epochs the steps waited 35 % of the time for images.",
        ),
        (
            "vanishing_gradient",
            {"samples": steps([1e-2] * 3, [1e-9, 1e-8, 5e-8])},
            "Gradients are near zero in layer4 (1.0e-08).",
        ),
        (
            "exploding_gradient",
            {"samples": steps([1e-2, 1e-2, 1e-2, 3.0])},
            "Gradients grew to a multiple of their median in fc (3.0e+02).",
        ),
        (
            "exploding_gradient",
            {"samples": steps([1e-2, 1e-2, math.inf])},
            "The last sampled gradients are not numbers in fc.",
        ),
        (
            "loss_not_decreasing",
            {"history": course([(1.2, 1.3), (1.21, 1.3), (1.195, 1.3)])},
            "The training loss did not fall: 1.200 in the first epoch, 1.195 at best.",
        ),
        (
            "loss_not_decreasing",
            {"history": course([(1.65, 1.66), (1.6, 1.62)])},
            "The lowest training loss, 1.600, is that of guessing among 5 classes.",
        ),
        (
            "overfit",
            {"history": course([(1.5, 1.6), (0.9, 1.0), (0.3, 1.3)])},
            "After epoch 2 the training loss fell on from 0.900 to 0.300, but that of validation rose from 1.000 to "
            "1.300.",
        ),
        ("dead_relu", {"silent_share": 0.7}, "70% of the backbone's features were zero for every sampled image."),
        (
            "poor_weight_initialization",
            {"samples": steps([1e-2], first_loss=9.0)},
            "The first loss is 9.000; an untrained head starts near 1.609.",
        ),
    ],
)
def test_a_rule_fires_alone_where_it_should(rule: str, changed: dict[str, Any], message: str) -> None:
    assert fired(replace(HEALTHY, **changed)) == {rule: message}


@pytest.mark.parametrize(
    "changed",
    [
        {"history": course(GOOD, [40.0, 9.0, 2.0])},
        {"history": course(GOOD, [40.0, 40.0, 40.0]), "on_features": True},
        {"samples": steps([1e-2] * 3, [1e-9, 2e-7, 3e-7])},
        {"samples": steps([1e-2, math.inf, 1e-2, 5e-1])},
        {"samples": steps([1e-2, 5.0])},
        {"history": course([(1.2, 1.3), (1.18, 1.3)])},
        {"history": course([(0.012, 0.1), (0.013, 0.1)])},
        {"history": course([(1.2, 1.3), (1.0, 1.2), (1.7, 1.25)])},
        {"history": course([(1.5, 1.6), (0.9, 1.0), (0.3, 1.09)])},
        {"history": course([(1.4, 1.6), (0.9, 1.0), (1.0, 1.5)])},
        {"silent_share": 0.5},
        {"samples": [{**step, "step": 51} for step in steps([1e-2], first_loss=9.0)]},
    ],
    ids=[
        *("one slow epoch", "features need no loader", "small for a moment", "one skipped step", "two samples"),
        *(
            "a small fall",
            "nothing left to learn",
            "a late spike",
            "a small rise",
            "training rises too",
            "half of the features",
        ),
        "a continued run",
    ],
)
def test_no_rule_fires_where_it_should_not(changed: dict[str, Any]) -> None:
    assert fired(replace(HEALTHY, **changed)) == {}


def tiny() -> nn.Module:
    torch.manual_seed(3)
    model = nn.Sequential()
    model.add_module("conv1", nn.Linear(4, 6))
    model.add_module("layer1", nn.Linear(6, 6))
    model.add_module("relu", nn.ReLU())
    model.add_module("fc", nn.Linear(6, 2))
    return model


def train_step(recorder: Recorder, model: nn.Module, scale: float = 1.0) -> None:
    recorder.begin(1, 0.25)
    loss = cross_entropy(model(torch.randn(5, 4)), torch.tensor([0, 1, 0, 1, 1]))
    recorder.mark("forward")
    model.zero_grad()
    (loss * scale).backward()  # type: ignore[no-untyped-call]
    recorder.mark("backward")
    recorder.gradients(scale)
    recorder.mark("optimiser")
    recorder.end(loss.item())


def test_a_sample_holds_the_root_mean_square_of_each_layer_group_and_every_phase() -> None:
    model = tiny()
    recorder = Recorder(model, ALONE)
    train_step(recorder, model, scale=1024.0)

    sample = recorder.samples[0]
    gradients = [parameter.grad for parameter in model.get_submodule("layer1").parameters()]
    expected = torch.cat([g.flatten() / 1024 for g in gradients if g is not None]).square().mean().sqrt().item()
    assert sample["gradients"]["layer1"] == pytest.approx(expected, rel=1e-5)
    assert set(sample["gradients"]) == {"stem", "layer1", "fc"}
    assert sample["data_wait"] == 0.25
    assert all(sample[phase] > 0 for phase in PHASES)
    assert (sample["epoch"], sample["step"]) == (1, 1)


def test_one_step_in_ten_is_sampled_and_a_long_run_keeps_a_bounded_number() -> None:
    model = tiny()
    recorder = Recorder(model, ALONE)
    for _ in range(25):
        train_step(recorder, model)
    assert [sample["step"] for sample in recorder.samples] == [1, 11, 21]

    for _ in range(10 * LIMIT + 100):
        recorder.begin(1, 0.0)
        if recorder._sample is not None:
            recorder._sample.update(dict.fromkeys(PHASES, 0.0), gradients={})
        recorder.end(1.0)
    assert LIMIT // 2 <= len(recorder.samples) <= LIMIT
    assert [sample["step"] for sample in recorder.samples[:3]] == [1, 21, 41]


def test_only_rank_0_samples() -> None:
    model = tiny()
    recorder = Recorder(model, Process(1, 2, torch.device("cpu")))
    train_step(recorder, model)

    assert recorder.samples == []


def test_features_that_no_image_woke_are_counted_over_the_whole_run() -> None:
    model = tiny()
    recorder = Recorder(model, ALONE)
    with torch.no_grad():
        model.get_parameter("layer1.bias")[:2] = -100.0
    assert recorder.silent_share() is None
    for _ in range(40):
        train_step(recorder, model)
    assert recorder.silent_share() == pytest.approx(2 / 6)

    recorder.close()
    recorder.begin(1, 0.0)
    with torch.no_grad():
        model.get_parameter("layer1.bias")[:2] = 100.0
    model(torch.randn(5, 4))
    assert recorder.silent_share() == pytest.approx(2 / 6), "a closed recorder sees nothing"


def test_what_was_recorded_survives_a_checkpoint(tmp_path: Path) -> None:
    model = tiny()
    recorder = Recorder(model, ALONE)
    for _ in range(12):
        train_step(recorder, model)
    torch.save(recorder.state(), tmp_path / "state.pt")

    continued = Recorder(model, ALONE)
    continued.restore(torch.load(tmp_path / "state.pt", weights_only=True))

    assert continued.samples == recorder.samples
    assert (continued.steps, continued.silent_share()) == (12, recorder.silent_share())


class _Reader(HTMLParser):
    """Open elements, to see that the page closes what it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "img"), "the page is complete in itself"
        self.open += [] if tag == "meta" else [tag]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_report_is_json_and_one_page_that_says_what_was_found(tmp_path: Path) -> None:
    samples = steps([1e-2, 1e-2, math.inf])
    findings = write_report(tmp_path, replace(HEALTHY, samples=samples, failure="the loss became <nan>"))

    values = json.loads((tmp_path / "report.json").read_text())
    reader = _Reader()
    reader.feed((tmp_path / "report.html").read_text())
    page = " ".join(reader.text)
    assert reader.open == []
    assert [finding.rule for finding in findings] == ["exploding_gradient"]
    assert values["gradients"]["fc"]["last"] is None
    assert values["failure"] == "the loss became <nan>"
    assert "the loss became <nan>" in page
    assert "Take a lower learning rate." in page
    assert "Nothing found by: data_loader_stall, vanishing_gradient, loss_not_decreasing" in page


def test_phases_are_medians_and_shares_of_the_sampled_time() -> None:
    samples = [{**step, "data_wait": wait} for step, wait in zip(steps([1e-2] * 3), (0.01, 0.04, 0.01), strict=True)]

    phases = summary(replace(HEALTHY, samples=samples), [])["steps_milliseconds"]

    assert phases["data_wait"] == pytest.approx({"median": 10.0, "p95": 40.0, "percent": 40.0})
    assert phases["forward"] == pytest.approx({"median": 10.0, "p95": 10.0, "percent": 20.0})


def test_a_training_writes_its_report(trained: Outcome) -> None:
    values = json.loads((trained.folder / "data" / "report.json").read_text())

    # 6 epochs of 6 steps.
    assert values["sampled_steps"] == 4
    assert set(values["gradients"]) == {"stem", "layer1", "layer2", "layer3", "layer4", "fc"}
    assert set(values["steps_milliseconds"]) == set(PHASES)
    assert len(values["epochs"]) == 6
    assert values["failure"] is None
    assert len(values["findings"]) == 7


def test_a_training_that_overfits_says_so_and_exports_the_best_epoch(
    own_data: Path, pretrained: Path, tmp_path: Path
) -> None:
    # What holds for the training images is wrong for two thirds of those of validation: the surer the model, the worse.
    first, second = (own_data / "valid" / name for name in CLASS_NAMES[:2])
    first.rename(tmp_path / "aside")
    second.rename(first)
    (tmp_path / "aside").rename(second)
    more = ("--epochs", "12", "--patience", "12", "--batch_size", "8", "--learning_rate", "0.01", "--views", "1")

    outcome = run(own_data, tmp_path, *more, "--seed", "2", "--pretrained", str(pretrained))

    assert "warning: overfit: After epoch " in outcome.stdout
    assert outcome.metrics()["best_epoch"] < 12


def test_a_training_that_fails_leaves_a_report_that_says_why(own_data: Path, pretrained: Path, tmp_path: Path) -> None:
    state = load_file(pretrained)
    state["layer4.0.conv1.weight"][0] = float("nan")
    save_file(state, tmp_path / "resnet18-broken.safetensors")
    weights = ("--pretrained", str(tmp_path / "resnet18-broken.safetensors"))

    outcome = run(own_data, tmp_path, "--epochs", "3", "--views", "1", *weights)

    values = json.loads((tmp_path / "data" / "report.json").read_text())
    assert outcome.status == 1
    assert values["failure"].startswith("the training loss became nan in epoch 1")
    assert [finding["rule"] for finding in values["findings"] if finding["fired"]] == ["exploding_gradient"]
