from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from conftest import CLASS_NAMES, COUNTS

from breeds.data import EpochSampler, evaluation_batches, training_batches
from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.folders import scan, verify
from breeds.preprocessing import Preprocessing

ALONE = Process(0, 1, torch.device("cpu"))
SIZE = Preprocessing.of_size(32)


def test_labels_follow_the_sorted_folder_names(data: Path) -> None:
    folders = scan(data)

    assert folders.class_names == CLASS_NAMES
    for split, counts in COUNTS.items():
        assert [folders.splits[split].labels.count(label) for label in range(3)] == list(counts)
        for path, label in zip(folders.splits[split].paths, folders.splits[split].labels, strict=True):
            assert path.parts[-3:-1] == (split, CLASS_NAMES[label])


def test_the_digest_changes_with_a_name_or_a_byte(own_data: Path) -> None:
    first = verify(scan(own_data), ALONE)
    image = next((own_data / "valid").rglob("*.jpg"))
    image.write_bytes(image.read_bytes() + b"\0")
    changed = verify(scan(own_data), ALONE)
    image.rename(image.with_name("other.jpg"))

    assert len({first, changed, verify(scan(own_data), ALONE)}) == 3


def test_an_image_in_two_splits_is_refused_whatever_its_name(own_data: Path) -> None:
    leaked = own_data / "test" / CLASS_NAMES[0] / "Affenpinscher_00001.jpg"
    shutil.copy(leaked, own_data / "train" / CLASS_NAMES[0] / "innocent.jpg")

    with pytest.raises(TrainingError, match=r"1 image\(s\) are in more than one split.*innocent\.jpg = test/"):
        verify(scan(own_data), ALONE)


def test_a_missing_split_is_named(own_data: Path) -> None:
    shutil.rmtree(own_data / "valid")

    with pytest.raises(TrainingError, match="valid does not exist: --data needs a folder with train, valid, test"):
        scan(own_data)


def test_a_class_without_images_in_one_split_is_named(own_data: Path) -> None:
    for path in (own_data / "test" / CLASS_NAMES[2]).iterdir():
        path.unlink()

    with pytest.raises(TrainingError, match=r"different classes: 003\.Airedale_terrier\."):
        scan(own_data)


def test_one_class_is_not_a_classification(tmp_path: Path) -> None:
    for split in ("train", "valid", "test"):
        (tmp_path / split / "only").mkdir(parents=True)
        (tmp_path / split / "only" / "image.jpg").write_bytes(split.encode())

    with pytest.raises(TrainingError, match=r"has 1 class folder\(s\), at least 2 are needed"):
        scan(tmp_path)


def test_processes_share_every_epoch_in_the_order_of_one_process() -> None:
    one = EpochSampler(42, ALONE, seed=3)
    two = [EpochSampler(42, Process(rank, 2, torch.device("cpu")), seed=3) for rank in (0, 1)]
    for sampler in (one, *two):
        sampler.set_epoch(5)

    interleaved = [key for pair in zip(*two, strict=True) for key in pair]

    assert interleaved == list(one)
    assert sorted(one) == [(5, index) for index in range(42)]


def test_every_epoch_has_another_order() -> None:
    sampler = EpochSampler(42, ALONE, seed=3)
    first = [index for _, index in sampler]
    sampler.set_epoch(1)

    assert first != [index for _, index in sampler]


def test_evaluation_shares_hold_every_image_once(data: Path) -> None:
    valid = scan(data).splits["valid"]
    shares = [evaluation_batches(valid, SIZE, Process(rank, 2, torch.device("cpu")), 4, 0) for rank in (0, 1)]

    counts = [sum(len(labels) for _, labels in share) for share in shares]

    assert counts == [9, 8]


def test_the_last_uneven_batch_is_kept_and_skipping_continues_where_it_stopped(data: Path) -> None:
    split, sampler = scan(data).splits["train"], EpochSampler(42, ALONE, seed=3)
    batches = training_batches(split, SIZE, sampler, 3, 8, 0)
    whole = list(batches)
    sampler.skip = 4 * 8

    rest = list(batches)

    assert [len(labels) for _, labels in whole] == [8, 8, 8, 8, 8, 2]
    assert all(torch.equal(a[0], b[0]) for a, b in zip(whole[4:], rest, strict=True))
