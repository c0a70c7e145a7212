"""The training loop: learns on train, chooses on validation, and can stop and continue at any step."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from breeds.arguments import Arguments
from breeds.checkpoint import CheckpointStore, NoCheckpoints
from breeds.data import Batches, EpochSampler
from breeds.distributed import Process, share_batch_statistics, share_gradients
from breeds.errors import TrainingError
from breeds.evaluation import evaluate
from breeds.interruption import Interrupted, StopRequest
from breeds.metrics import EpochRecord, Evaluation
from breeds.model import Learner
from breeds.progress import Progress, rate_factor
from breeds.recorder import Recorder


class Training:
    """One run. After `fit` the model holds the best weights."""

    def __init__(
        self,
        learner: Learner,
        arguments: Arguments,
        process: Process,
        store: CheckpointStore | NoCheckpoints,
        stop: StopRequest,
    ) -> None:
        self.learner, self.arguments, self.process, self.store, self.stop = learner, arguments, process, store, stop
        if process.world_size > 1 and not learner.pretrained:
            share_batch_statistics(learner.model, process)
        self.model = learner.model.to(process.device).to(memory_format=self._memory_format)  # type: ignore[call-overload]
        # One pass over the weights instead of a dozen: on a CPU the rest is memory traffic.
        fused = process.device.type == "cpu"
        groups = learner.parameter_groups(arguments.learning_rate)
        self.optimizer = torch.optim.AdamW(groups, weight_decay=1e-4, fused=fused)
        self.scaler = torch.amp.GradScaler(process.device.type, enabled=self._mixed)
        self.progress = Progress()
        self.best_weights: dict[str, Tensor] | None = None
        self.recorder = Recorder(self.model, process)

    @property
    def _mixed(self) -> bool:
        # float16 with a scaler rather than bfloat16, which the T4 of the g4dn types only emulates.
        return self.process.device.type == "cuda" and not self.learner.on_features

    @property
    def _memory_format(self) -> torch.memory_format:
        return torch.channels_last if self._mixed else torch.contiguous_format

    def fit(self, train: Batches, sampler: EpochSampler, validation: Batches, classes: int) -> None:
        """Trains to the end. Raises Interrupted, and TrainingError for a loss that is not a number."""
        self._restore()
        forward: nn.Module = self.model
        if self.process.world_size > 1:
            forward = share_gradients(self.model, self.process)
        try:
            while not self.progress.finished(self.arguments.epochs, self.arguments.patience):
                speed = self._train_epoch(forward, train, sampler)
                result = evaluate(self.model, validation, classes, self.process)
                if not math.isfinite(result.loss):
                    raise self._diverged("validation", result.loss)
                self._close_epoch(result, *speed)
        finally:
            self.recorder.close()
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
            wait = time.perf_counter() - mark
            waited += wait
            self.recorder.begin(epoch + 1, wait)
            loss = self._step(forward, inputs, labels)
            self.recorder.end(loss)
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
        self.recorder.mark("forward")
        self.optimizer.zero_grad(set_to_none=True)
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self.recorder.mark("backward")
        self.recorder.gradients(self.scaler.get_scale())
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.recorder.mark("optimiser")
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
            "recorder": self.recorder.state(),
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
        self.recorder.restore(state["recorder"])
        self.process.say(f"continuing after epoch {len(self.progress.history)}, step {self.progress.step}")
