"""Heads trained on cached features. Does not prove what the views are worth on real photographs."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from conftest import Outcome, arguments, run
from torch import nn
from torch.nn.functional import cross_entropy

import breeds.features
from breeds.arguments import parse
from breeds.checkpoint import CheckpointStore
from breeds.data import EpochSampler, evaluation_batches
from breeds.distributed import Process
from breeds.evaluation import evaluate
from breeds.features import FeatureCache, HeadData
from breeds.fitting import Inputs, head_data, prepare, read_inputs
from breeds.interruption import Interrupted, StopRequest
from breeds.loop import Training
from breeds.model import Learner
from breeds.preprocessing import Preprocessing, evaluation_input, load_image, training_input
from breeds.progress import rate_factor

ALONE = Process(0, 1, torch.device("cpu"))
MORE = ("--epochs", "4", "--batch_size", "8", "--learning_rate", "0.01", "--views", "3", "--seed", "5")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("features")


@pytest.fixture(scope="module")
def case(confusing_data: Path, pretrained: Path, folder: Path) -> SimpleNamespace:
    values = parse(arguments(confusing_data, folder, *MORE, "--pretrained", str(pretrained)), {})
    inputs = read_inputs(values, ALONE)
    learner = inputs.learner(values)
    head = {name: value.clone() for name, value in learner.head().model.state_dict().items()}
    data = head_data(values, inputs, learner, ALONE, StopRequest())
    return SimpleNamespace(values=values, inputs=inputs, learner=learner, head=head, data=data)


@pytest.fixture(scope="module")
def headed(confusing_data: Path, pretrained: Path, folder: Path, case: SimpleNamespace) -> Outcome:
    outcome = run(confusing_data, folder, *MORE, "--pretrained", str(pretrained))
    assert outcome.status == 0, outcome.stderr
    return outcome


def reference_features(learner: Learner, inputs: Inputs, seed: int, view: int) -> torch.Tensor:
    """Image after image through the whole network, keeping what its last layer is given."""
    seen: list[torch.Tensor] = []
    hook = learner.model.get_submodule("fc").register_forward_pre_hook(lambda _module, given: seen.append(given[0]))
    learner.model.eval()
    for index, path in enumerate(inputs.folders.splits["train"].paths):
        image = load_image(path)
        rng = random.Random(f"{seed}:{view}:{index}")
        shown = (
            training_input(image, inputs.preprocessing, rng) if view else evaluation_input(image, inputs.preprocessing)
        )
        with torch.no_grad():
            learner.model(shown[None])
    hook.remove()
    return torch.cat(seen)


def test_features_are_what_the_head_is_given_of_the_plain_view_and_of_each_augmentation(case: SimpleNamespace) -> None:
    assert case.data.train.shape == (3, 42, 512)
    for view in (0, 2):
        expected = reference_features(case.learner, case.inputs, 5, view)
        torch.testing.assert_close(case.data.train[view], expected, rtol=1e-4, atol=1e-5)


def test_every_epoch_shows_all_views_equally_often_and_an_image_another_one_each_time(case: SimpleNamespace) -> None:
    numbered = torch.arange(3 * 42, dtype=torch.float32).view(3, 42, 1)
    data = HeadData(numbered, case.data.train_labels, case.data.validation, case.data.validation_labels)
    sampler = EpochSampler(42, ALONE, seed=5)
    shown = []
    for epoch in range(3):
        sampler.set_epoch(epoch)
        rows = torch.cat([inputs for inputs, _ in data.training_batches(sampler, 8)]).flatten().long()
        assert torch.bincount(rows // 42).tolist() == [14, 14, 14]
        assert sorted((rows % 42).tolist()) == list(range(42))
        shown += rows.tolist()

    assert sorted(shown) == list(range(3 * 42))


def test_training_on_features_equals_a_plain_loop_over_them(case: SimpleNamespace, headed: Outcome) -> None:
    head = nn.Linear(512, 3)
    head.load_state_dict({name.removeprefix("fc."): value for name, value in case.head.items()})
    optimizer = torch.optim.AdamW(head.parameters(), lr=0.01, weight_decay=1e-4)
    data, labels = case.data, case.data.train_labels
    losses = []
    for epoch in range(4):
        optimizer.param_groups[0]["lr"] = 0.01 * rate_factor(epoch, 4)
        sampler = EpochSampler(42, ALONE, seed=5)
        sampler.set_epoch(epoch)
        order, total = [index for _, index in sampler], 0.0
        for start in range(0, 42, 8):
            batch = order[start : start + 8]
            rows = torch.stack([data.train[(epoch + index) % 3, index] for index in batch])
            loss = cross_entropy(head(rows), labels[batch])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total += loss.item() * len(batch)
        with torch.no_grad():
            validation = cross_entropy(head(data.validation), data.validation_labels).item()
        losses.append((total / 42, validation))

    found = headed.last_state()[1]
    assert len(found) == 4
    assert min(found[-1]) > 0.2, "a loss near zero would agree with anything"
    for measured, expected in zip(found, losses, strict=True):
        assert measured == pytest.approx(expected, rel=1e-4)


def test_the_whole_network_with_the_trained_head_gives_the_validation_numbers_of_the_features(
    case: SimpleNamespace, headed: Outcome, tmp_path: Path
) -> None:
    learner, inputs = case.inputs.learner(case.values), case.inputs
    store = CheckpointStore(tmp_path, {}, ALONE)
    prepare(case.values, inputs, learner, ALONE, store, StopRequest(), case.data).run()

    result = evaluate(
        learner.model, evaluation_batches(inputs.folders.splits["valid"], inputs.preprocessing, ALONE, 5, 0), 3, ALONE
    )

    reported = headed.metrics()["validation"]
    assert result.loss == pytest.approx(reported["loss"], rel=1e-4)
    assert result.accuracy == reported["accuracy"]


def test_the_cache_is_used_by_any_later_run_and_grows_by_what_is_missing(
    confusing_data: Path, pretrained: Path, folder: Path, headed: Outcome, tmp_path: Path
) -> None:
    more = ("--epochs", "2", "--seed", "5", "--pretrained", str(pretrained), "--feature_dir", str(folder / "features"))

    same = run(confusing_data, tmp_path / "same", *more, "--views", "2", "--learning_rate", "0.1")
    grown = run(confusing_data, tmp_path / "grown", *more, "--views", "4")

    assert "features of" not in headed.stdout, "the fixture had computed them"
    assert "features of" not in same.stdout
    assert "features of 42 train images" in grown.stdout
    assert "valid" not in grown.stdout.split("epoch=1")[0].split("features of", 1)[1]


def test_features_of_another_seed_size_data_set_or_weight_are_other_files(case: SimpleNamespace, folder: Path) -> None:
    preprocessing, digest = case.inputs.preprocessing, case.inputs.data_digest
    changed = case.inputs.learner(case.values)
    with torch.no_grad():
        changed.model.get_parameter("layer4.0.conv1.weight")[0, 0, 0, 0] += 1e-6
    other_head = case.inputs.learner(case.values)
    with torch.no_grad():
        other_head.model.get_parameter("fc.weight").zero_()

    def place(learner: Learner, seen: Preprocessing, data: str, seed: int) -> Path:
        return FeatureCache(folder, learner, seen, data, seed, ALONE).folder

    first = place(case.learner, preprocessing, digest, 5)
    others = [
        place(changed, preprocessing, digest, 5),
        place(case.learner, Preprocessing.of_size(40), digest, 5),
        place(case.learner, preprocessing, "another", 5),
        place(case.learner, preprocessing, digest, 6),
    ]
    assert len({first, *others}) == 5
    assert place(other_head, preprocessing, digest, 5) == first


def test_a_damaged_file_is_computed_again(case: SimpleNamespace, tmp_path: Path) -> None:
    values = parse(["--feature_dir", str(tmp_path), "--views", "1", "--workers", "0", "--seed", "5"], {})
    whole = head_data(values, case.inputs, case.learner, ALONE, StopRequest())
    file = next(tmp_path.rglob("train-*.safetensors"))
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    for damaged in (bytes(content), content[:-5], b""):
        file.write_bytes(damaged)
        again = head_data(values, case.inputs, case.learner, ALONE, StopRequest())
        assert torch.equal(again.train, whole.train)
        assert file.read_bytes() != damaged


def test_a_stop_while_features_are_computed_keeps_the_finished_files(
    case: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breeds.features, "PART", 20)
    monkeypatch.setattr(breeds.features, "BATCH", 10)
    values = parse(["--feature_dir", str(tmp_path), "--views", "1", "--workers", "0", "--seed", "5"], {})
    stop = StopRequest()
    forwards = 0

    def count(_module: nn.Module, _inputs: object) -> None:
        nonlocal forwards
        forwards += 1
        stop.received = forwards == 3

    hook = case.learner.model.get_submodule("conv1").register_forward_pre_hook(count)
    with pytest.raises(Interrupted, match="stopped while features were computed, 1 of 3 files done"):
        head_data(values, case.inputs, case.learner, ALONE, stop)
    resumed = head_data(values, case.inputs, case.learner, ALONE, stop)
    hook.remove()

    # 5 batches of training, 2 of validation, and the third one of training twice.
    assert forwards == 3 + 3 + 2
    torch.testing.assert_close(resumed.train[0], case.data.train[0], rtol=1e-4, atol=1e-5)


def test_a_head_stopped_in_any_step_of_any_epoch_continues_to_the_same_weights(
    case: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(name: str, stop: StopRequest) -> tuple[dict[str, torch.Tensor], list[float]]:
        case.learner.model.get_submodule("fc").load_state_dict(
            {key.removeprefix("fc."): value for key, value in case.head.items()}
        )
        store = CheckpointStore(tmp_path / name, {}, ALONE)
        prepared = prepare(case.values, case.inputs, case.learner, ALONE, store, stop, case.data)
        progress = prepared.run()
        weights = {key: value.clone() for key, value in prepared.training.model.state_dict().items()}
        return weights, [value for one in progress.history for value in (one.train_loss, one.validation_loss)]

    expected = fit("whole", StopRequest())
    step, steps = Training._step, 4 * 6
    for number in range(1, steps + 1):
        stop, count = StopRequest(), iter(range(1, 1000))

        def stopped(*parts: object, stop: StopRequest = stop, count: object = count, last: int = number) -> float:
            stop.received = next(count) == last  # type: ignore[call-overload]
            return step(*parts)  # type: ignore[arg-type]

        with monkeypatch.context() as patched:
            patched.setattr(Training, "_step", stopped)
            with pytest.raises(Interrupted):
                fit(f"step-{number}", stop)
        weights, losses = fit(f"step-{number}", StopRequest())

        assert losses == expected[1], number
        assert all(torch.equal(weights[name], value) for name, value in expected[0].items()), number


def test_a_sigterm_between_features_and_first_step_is_answered(
    confusing_data: Path,
    pretrained: Path,
    folder: Path,
    headed: Outcome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    more = (*MORE, "--pretrained", str(pretrained), "--feature_dir", str(folder / "features"))
    step = Training._step

    def terminated(*parts: object) -> float:
        os.kill(os.getpid(), signal.SIGTERM)
        return step(*parts)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Training, "_step", terminated)
        stopped = run(confusing_data, tmp_path, *more)
    resumed = run(confusing_data, tmp_path, *more)

    assert stopped.status == 143
    assert resumed.weights() == headed.weights()
    assert resumed.metrics() == headed.metrics()


def test_without_views_every_epoch_sees_new_augmentations_through_the_network(
    confusing_data: Path, pretrained: Path, tmp_path: Path
) -> None:
    more = ("--epochs", "1", "--views", "0", "--batch_size", "21", "--learning_rate", "1e-6", "--seed", "5")
    outcome = run(confusing_data, tmp_path, *more, "--pretrained", str(pretrained))

    assert outcome.status == 0, outcome.stderr
    assert not (tmp_path / "features").exists()
