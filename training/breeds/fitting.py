"""One training from inputs to best weights, as train.py and the search run it. Test images are not part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from breeds.arguments import Arguments
from breeds.checkpoint import CheckpointStore, NoCheckpoints
from breeds.data import Batches, EpochSampler, evaluation_batches, training_batches
from breeds.distributed import Process
from breeds.features import FeatureCache, HeadData
from breeds.folders import ImageFolders, scan, verify
from breeds.interruption import StopRequest
from breeds.loop import Training
from breeds.model import Learner, Pretrained, build, read_pretrained
from breeds.preprocessing import Preprocessing
from breeds.progress import Progress

# What the result depends on. A checkpoint of a run that differs in any of them is not continued.
IDENTITY = (
    *("fine_tune", "epochs", "batch_size", "learning_rate", "patience", "seed"),
    *("backbone", "image_size", "views"),
)


@dataclass(frozen=True)
class Inputs:
    """What a run learns from, checked. `data_digest` covers names and contents of all images."""

    folders: ImageFolders
    data_digest: str
    pretrained: Pretrained | None
    preprocessing: Preprocessing

    @property
    def classes(self) -> int:
        """Number of classes."""
        return len(self.folders.class_names)

    def identity(self, arguments: Arguments, process: Process) -> dict[str, Any]:
        """All that makes the result, as plain values."""
        return {
            **{name: getattr(arguments, name) for name in IDENTITY},
            "world_size": process.world_size,
            "data": self.data_digest,
            "pretrained": None if self.pretrained is None else self.pretrained.sha256,
        }

    def learner(self, arguments: Arguments) -> Learner:
        """A new model; its random weights depend on the seed alone."""
        torch.manual_seed(arguments.seed)
        return build(arguments.backbone, self.classes, arguments.fine_tune, self.pretrained)


def read_inputs(arguments: Arguments, process: Process) -> Inputs:
    """Lists and hashes the images and reads the backbone. Raises TrainingError for what cannot be trained on."""
    folders = scan(arguments.data)
    digest = verify(folders, process)
    pretrained = None
    if arguments.pretrained is not None:
        pretrained = read_pretrained(arguments.pretrained, arguments.backbone)
    return Inputs(folders, digest, pretrained, Preprocessing.of_size(arguments.image_size))


def uses_features(arguments: Arguments) -> bool:
    """Whether the run learns from cached features instead of images."""
    return arguments.fine_tune == "head" and arguments.views > 0


def head_data(arguments: Arguments, inputs: Inputs, learner: Learner, process: Process, stop: StopRequest) -> HeadData:
    """The features for a head, from the cache or computed into it."""
    cache = FeatureCache(
        arguments.feature_dir, learner, inputs.preprocessing, inputs.data_digest, arguments.seed, process
    )
    splits = inputs.folders.splits
    return cache.head_data(splits["train"], splits["valid"], arguments.views, arguments.workers, stop)


@dataclass(frozen=True)
class Fit:
    """A training with its batches. `run` trains to the end, after which the learner's model has the best weights."""

    training: Training
    train: Batches
    sampler: EpochSampler
    validation: Batches
    classes: int

    def run(self) -> Progress:
        """Raises Interrupted, and TrainingError for a loss that is not a number."""
        self.training.fit(self.train, self.sampler, self.validation, self.classes)
        return self.training.progress


def prepare(
    arguments: Arguments,
    inputs: Inputs,
    learner: Learner,
    process: Process,
    store: CheckpointStore | NoCheckpoints,
    stop: StopRequest,
    data: HeadData | None = None,
) -> Fit:
    """A training that is ready to start, on features if the arguments say so: `data`, or those of the cache."""
    splits, classes = inputs.folders.splits, inputs.classes
    sampler = EpochSampler(len(splits["train"].paths), process, arguments.seed)
    batch_size, workers = arguments.batch_size, arguments.workers
    if uses_features(arguments):
        learner.model.to(process.device)
        data = head_data(arguments, inputs, learner, process, stop) if data is None else data
        training = Training(learner.head(), arguments, process, store, stop)
        return Fit(training, data.training_batches(sampler, batch_size), sampler, data.validation_batches(), classes)
    return Fit(
        Training(learner, arguments, process, store, stop),
        training_batches(splits["train"], inputs.preprocessing, sampler, arguments.seed, batch_size, workers),
        sampler,
        evaluation_batches(splits["valid"], inputs.preprocessing, process, batch_size, workers),
        classes,
    )
