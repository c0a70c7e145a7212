"""The training loop: learns on train, chooses on validation, and can stop and continue at any step."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

from breeds.arguments import Arguments
from breeds.checkpoint import CheckpointStore
from breeds.data import Batches, EpochSampler
from breeds.distributed import Process
from breeds.errors import TrainingError
from breeds.evaluation import evaluate
from breeds.interruption import Interrupted, StopRequest
from breeds.metrics import EpochRecord, Evaluation
from breeds.model import Learner


@dataclass
class Progress:
    """Finished epochs, and of the one under way its finished steps, summed loss and images."""

    history: list[EpochRecord] = field(default_factory=list)
    step: int = 0
    loss_sum: float = 0.0
    images: float = 0.0

    @property
    def best(self) -> EpochRecord:
        """The first epoch with the lowest validation loss."""
        return min(self.history, key=lambda record: record.validation_loss)

    def finished(self, epochs: int, patience: int) -> bool:
        """Whether all epochs are done, or the last `patience` of them brought no better validation loss."""
        done = len(self.history)
        return done >= epochs or (done > 0 and done - self.best.epoch >= patience)


def rate_factor(epoch: int, epochs: int) -> float:
    """Cosine from 1 towards 0 over the epochs, counted from 0: a function of the epoch, so nothing to restore."""
    return 0.5 * (1 + math.cos(math.pi * epoch / epochs))


class Training:
    """One run. After `fit` the model holds the best weights."""

    def __init__(
        self, learner: Learner, arguments: Arguments, process: Process, store: CheckpointStore, stop: StopRequest
    ) -> None:
        self.learner, self.arguments, self.process, self.store, self.stop = learner, arguments, process, store, stop
        if process.world_size > 1 and not learner.pretrained:
            _share_batch_statistics(learner.model, process)
        self.model = learner.model.to(process.device).to(memory_format=self._memory_format)  # type: ignore[call-overload]
        self.optimizer = torch.optim.AdamW(learner.parameter_groups(arguments.learning_rate), weight_decay=1e-4)
        self.scaler = torch.amp.GradScaler(process.device.type, enabled=self._mixed)
        self.progress = Progress()
        self.best_weights: dict[str, Tensor] | None = None

    @property
    def _mixed(self) -> bool:
        # float16 with a scaler rather than bfloat16, which the T4 of the g4dn types only emulates.
        return self.process.device.type == "cuda"

    @property
    def _memory_format(self) -> torch.memory_format:
        return torch.channels_last if self._mixed else torch.contiguous_format

    def fit(self, train: Batches, sampler: EpochSampler, validation: Batches, classes: int) -> None:
        """Trains to the end. Raises Interrupted, and TrainingError for a loss that is not a number."""
        self._restore()
        forward: nn.Module = self.model
        if self.process.world_size > 1:
            device_ids = [self.process.device.index] if self._mixed else None
            forward = DistributedDataParallel(self.model, device_ids=device_ids)
        while not self.progress.finished(self.arguments.epochs, self.arguments.patience):
            speed = self._train_epoch(forward, train, sampler)
            result = evaluate(self.model, validation, classes, self.process)
            if not math.isfinite(result.loss):
                raise self._diverged("validation", result.loss)
            self._close_epoch(result, *speed)
        if self.best_weights is not None:
            self.model.load_state_dict(self.best_weights)

    def _train_epoch(self, forward: nn.Module, train: Batches, sampler: EpochSampler) -> tuple[float, float]:
        epoch, progress = len(self.progress.history), self.progress
        sampler.set_epoch(epoch)
        sampler.skip = progress.step * self.arguments.batch_size
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"] * rate_factor(epoch, self.arguments.epochs)
        self.learner.set_training_mode()
        first_image, waited = progress.images, 0.0
        start = mark = time.perf_counter()
        for inputs, labels in train:
            waited += time.perf_counter() - mark
            loss = self._step(forward, inputs, labels)
            flags = [float(self.stop.received), loss * len(labels), float(len(labels))]
            # One exchange per step lets all processes stop at the same one; it also waits for the GPU, so that
            # the time until the next batch is really the data's.
            stopped, loss_sum, images = self.process.total(torch.tensor(flags, dtype=torch.float64)).tolist()
            if not math.isfinite(loss_sum):
                raise self._diverged("training", loss_sum)
            progress.step += 1
            progress.loss_sum += loss_sum
            progress.images += images
            if stopped:
                self._save()
                raise Interrupted(f"stopped in epoch {epoch + 1} after step {progress.step}")
            mark = time.perf_counter()
        elapsed = max(time.perf_counter() - start, 1e-9)
        return (progress.images - first_image) / elapsed, 100 * waited / elapsed

    def _step(self, forward: nn.Module, inputs: Tensor, labels: Tensor) -> float:
        inputs = inputs.to(self.process.device, non_blocking=True, memory_format=self._memory_format)
        labels = labels.to(self.process.device, non_blocking=True)
        with torch.autocast(self.process.device.type, dtype=torch.float16, enabled=self._mixed):
            loss = cross_entropy(forward(inputs), labels)
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return loss.item()

    def _close_epoch(self, result: Evaluation, images_per_second: float, data_wait_percent: float) -> None:
        progress = self.progress
        record = EpochRecord(
            epoch=len(progress.history) + 1,
            train_loss=progress.loss_sum / progress.images,
            validation_loss=result.loss,
            validation_accuracy=result.accuracy,
            images_per_second=images_per_second,
            data_wait_percent=data_wait_percent,
        )
        self.progress = Progress(history=[*progress.history, record])
        if self.progress.best is record:
            self.best_weights = {name: value.cpu().clone() for name, value in self.model.state_dict().items()}
        self._save()
        self.process.say(record.line())
        if self.process.any(self.stop.received):
            raise Interrupted(f"stopped after epoch {record.epoch}")

    def _diverged(self, split: str, loss: float) -> TrainingError:
        return TrainingError(
            f"the {split} loss became {loss} in epoch {len(self.progress.history) + 1} at learning rate "
            f"{self.arguments.learning_rate:g}. Take a lower one."
        )

    def _save(self) -> None:
        state: dict[str, Any] = {
            "progress": asdict(self.progress),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "best": self.best_weights,
        }
        self.store.save(state)

    def _restore(self) -> None:
        state = self.store.load()
        if state is None:
            return
        values = state["progress"]
        self.progress = Progress(**{**values, "history": [EpochRecord(**record) for record in values["history"]]})
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.scaler.load_state_dict(state["scaler"])
        self.best_weights = state["best"]
        self.process.say(f"continuing after epoch {len(self.progress.history)}, step {self.progress.step}")


def _share_batch_statistics(model: nn.Module, process: Process) -> None:
    if process.device.type != "cuda":
        raise TrainingError(
            f"{process.world_size} processes cannot train random weights on CPUs: PyTorch shares the statistics of "
            "batch normalisation between GPUs only. Give pretrained weights with --pretrained, or take one process."
        )
    nn.SyncBatchNorm.convert_sync_batchnorm(model)  # type: ignore[no-untyped-call]
