from __future__ import annotations

import socket
from pathlib import Path

import pytest
import torch
from torch import nn

from breeds.errors import TrainingError
from breeds.metrics import EpochRecord, Evaluation
from breeds.model import build, read_pretrained
from breeds.progress import Progress, rate_factor


def test_a_plain_state_dict_and_its_safetensors_give_the_same_backbone(pretrained: Path, tmp_path: Path) -> None:
    reference = read_pretrained(pretrained, "resnet18")
    torch.save({**reference.state, "fc.weight": torch.zeros(1000, 512)}, tmp_path / "resnet18-f37072fd.pth")

    found = read_pretrained(tmp_path, "resnet18")

    assert found.file_name == "resnet18-f37072fd.pth"
    assert found.state.keys() == reference.state.keys()
    assert all(torch.equal(found.state[name], value) for name, value in reference.state.items())


def test_a_pickle_that_could_run_code_is_refused(tmp_path: Path) -> None:
    torch.save(nn.Linear(2, 2), tmp_path / "resnet18.pth")

    with pytest.raises(TrainingError, match="not a state dict that can be loaded with weights_only"):
        read_pretrained(tmp_path, "resnet18")


def test_a_channel_without_weights_is_an_error_not_a_random_start(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"exactly one file resnet50\*.* is needed, found none"):
        read_pretrained(tmp_path, "resnet50")


def test_a_damaged_safetensors_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "resnet18.safetensors").write_bytes(b"not tensors")

    with pytest.raises(TrainingError, match=r"resnet18\.safetensors is not a safetensors file"):
        read_pretrained(tmp_path, "resnet18")


def test_weights_of_another_backbone_are_refused(pretrained: Path) -> None:
    with pytest.raises(TrainingError, match="does not hold the weights of resnet50"):
        build("resnet50", 3, "head", read_pretrained(pretrained, "resnet18"))


def learning_batch_norms(fine_tune: str, pretrained: Path | None) -> set[str]:
    weights = None if pretrained is None else read_pretrained(pretrained, "resnet18")
    learner = build("resnet18", 3, fine_tune, weights)
    learner.set_training_mode()
    return {
        name.split(".")[0]
        for name, module in learner.model.named_modules()
        if isinstance(module, nn.BatchNorm2d) and module.training
    }


def test_batch_statistics_are_learned_only_by_layers_that_learn_from_random_weights(pretrained: Path) -> None:
    assert learning_batch_norms("head", None) == set()
    assert learning_batch_norms("layer4", None) == {"layer4"}
    assert learning_batch_norms("full", None) == {"bn1", "layer1", "layer2", "layer3", "layer4"}
    assert learning_batch_norms("full", pretrained) == set()


@pytest.mark.parametrize(("fine_tune", "tensors"), [("head", 2), ("layer4", 17), ("full", 62)])
def test_only_what_learns_is_given_to_the_optimiser(fine_tune: str, tensors: int, pretrained: Path) -> None:
    learner = build("resnet18", 3, fine_tune, read_pretrained(pretrained, "resnet18"))

    groups = learner.parameter_groups(0.01)

    assert sum(len(group["params"]) for group in groups) == tensors
    assert sum(parameter.requires_grad for parameter in learner.model.parameters()) == tensors
    assert [group["lr"] for group in groups] == ([0.01] if fine_tune == "head" else [0.01, 0.001])


def test_the_tests_cannot_reach_the_network() -> None:
    with (
        socket.socket() as outgoing,
        pytest.raises(PermissionError, match="tests have no network"),
    ):
        outgoing.connect(("192.0.2.1", 443))


def record(epoch: int, loss: float) -> EpochRecord:
    return EpochRecord(epoch, 1.0, loss, 0.5, 100.0, 1.0)


@pytest.mark.parametrize(
    ("losses", "finished"),
    [([], False), ([3.0], False), ([3.0, 2.0, 2.0], False), ([3.0, 2.0, 2.0, 2.1], True), ([5, 4, 3, 2, 1.0], True)],
)
def test_training_ends_with_its_epochs_or_without_a_better_validation_loss(losses: list[float], finished: bool) -> None:
    progress = Progress([record(number + 1, loss) for number, loss in enumerate(losses)])

    assert progress.finished(epochs=5, patience=2) is finished


def test_the_learning_rate_falls_from_its_peak_towards_zero() -> None:
    factors = [rate_factor(epoch, 4) for epoch in range(4)]

    assert factors == pytest.approx([1.0, 0.853553, 0.5, 0.146447], abs=1e-6)


def test_macro_recall_counts_rare_classes_as_much_as_common_ones() -> None:
    result = Evaluation(loss=0.4, accuracy=10 / 12, correct=(10, 0, 0), images=(10, 2, 0))

    assert result.recalls == (1.0, 0.0, None)
    assert result.macro_recall == 0.5
