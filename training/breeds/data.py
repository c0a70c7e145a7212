"""Batches of images. What a batch holds depends on seed, epoch and step alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, DistributedSampler, Sampler

from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.folders import Split
from breeds.interruption import detach_worker
from breeds.preprocessing import Preprocessing, evaluation_input, load_image, training_input


class EpochSampler(DistributedSampler[Any]):
    """Each process's share of the shuffled training images, as (epoch, index).

    The epoch travels with the index because persistent workers keep their own copy of the data set, and because
    augmentation then depends on nothing but seed, epoch and image: not on workers, processes or interruptions.
    """

    def __init__(self, images: int, process: Process, seed: int) -> None:
        positions: Any = range(images)  # only its length is used
        super().__init__(positions, process.world_size, process.rank, shuffle=True, seed=seed)
        self.skip = 0

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((self.epoch, index) for index in islice(super().__iter__(), self.skip, None))


class _TrainingImages(Dataset[tuple[Tensor, int]]):
    def __init__(self, split: Split, preprocessing: Preprocessing, seed: int) -> None:
        self.split, self.preprocessing, self.seed = split, preprocessing, seed

    def __getitem__(self, key: tuple[int, int]) -> tuple[Tensor, int]:
        epoch, index = key
        image = _open(self.split.paths[index])
        rng = Random(f"{self.seed}:{epoch}:{index}")
        return training_input(image, self.preprocessing, rng), self.split.labels[index]


class _EvaluationImages(Dataset[tuple[Tensor, int]]):
    def __init__(self, split: Split, preprocessing: Preprocessing) -> None:
        self.split, self.preprocessing = split, preprocessing

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return evaluation_input(_open(self.split.paths[index]), self.preprocessing), self.split.labels[index]


class _Views(Dataset[tuple[Tensor, int]]):
    def __init__(self, training: _TrainingImages, evaluation: _EvaluationImages) -> None:
        self.training, self.evaluation = training, evaluation

    def __getitem__(self, key: tuple[int, int]) -> tuple[Tensor, int]:
        view, index = key
        return self.evaluation[index] if view == 0 else self.training[view, index]


# Inputs and labels; every iteration is an epoch.
Batches = Iterable[tuple[Tensor, Tensor]]


def training_batches(
    split: Split, preprocessing: Preprocessing, sampler: EpochSampler, seed: int, batch_size: int, workers: int
) -> Batches:
    """Shuffled, augmented batches of this process; the last one of an epoch may be smaller."""
    return _batches(_TrainingImages(split, preprocessing, seed), batch_size, workers, sampler)


def evaluation_batches(
    split: Split, preprocessing: Preprocessing, process: Process, batch_size: int, workers: int
) -> Batches:
    """This process's share, each image once: a DistributedSampler would repeat some to make the shares equal."""
    share = range(process.rank, len(split.paths), process.world_size)
    return _batches(_EvaluationImages(split, preprocessing), batch_size, workers, share)


def view_batches(
    split: Split, preprocessing: Preprocessing, seed: int, keys: Sequence[list[tuple[int, int]]], workers: int
) -> Batches:
    """The batches named by `keys`, as (view, index). View 0 is what evaluation sees of an image; view v is the
    augmentation that training on images would see in epoch v."""
    images = _Views(_TrainingImages(split, preprocessing, seed), _EvaluationImages(split, preprocessing))
    return DataLoader(
        images,
        batch_sampler=keys,
        num_workers=workers,
        pin_memory=torch.cuda.is_available(),
        worker_init_fn=detach_worker,
    )


def _batches(
    images: Dataset[tuple[Tensor, int]], batch_size: int, workers: int, sampler: Sampler[Any] | Iterable[int]
) -> Batches:
    return DataLoader(
        images,
        batch_size=batch_size,
        sampler=sampler,
        num_workers=workers,
        persistent_workers=workers > 0,
        pin_memory=torch.cuda.is_available(),
        worker_init_fn=detach_worker,
    )


def _open(path: Path) -> Image.Image:
    try:
        return load_image(path)
    # Pillow reports damaged files as OSError, SyntaxError or ValueError, depending on the format.
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise TrainingError(f"{path} is not a readable image ({error}). Replace or remove it.") from error
