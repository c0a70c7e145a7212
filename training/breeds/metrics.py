"""Numbers per image, and the lines the jobs' metric definitions read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Evaluation:
    """One pass over a split: `loss` and `accuracy` are means per image, counts are per class in label order."""

    loss: float
    accuracy: float
    correct: tuple[int, ...]
    images: tuple[int, ...]

    @property
    def recalls(self) -> tuple[float | None, ...]:
        """Recall per class; None for a class without an image."""
        return tuple(hit / total if total else None for hit, total in zip(self.correct, self.images, strict=True))

    @property
    def macro_recall(self) -> float:
        """Mean of the recalls: rare classes count as much as common ones, unlike in accuracy."""
        known = [recall for recall in self.recalls if recall is not None]
        return sum(known) / len(known)

    def to_json(self, class_names: Sequence[str]) -> dict[str, Any]:
        """Plain values with the recall of every class by name."""
        return {
            "loss": self.loss,
            "accuracy": self.accuracy,
            "macro_recall": self.macro_recall,
            "images": sum(self.images),
            "classes": {
                name: {"recall": recall, "images": images}
                for name, recall, images in zip(class_names, self.recalls, self.images, strict=True)
            },
        }


@dataclass(frozen=True)
class EpochRecord:
    """One finished epoch, counted from 1. Throughput is that of the training part, all processes together."""

    epoch: int
    train_loss: float
    validation_loss: float
    validation_accuracy: float
    images_per_second: float
    data_wait_percent: float

    def line(self) -> str:
        """The line read by the jobs' metric definitions. Names and order are a contract."""
        return (
            f"epoch={self.epoch} train_loss={self.train_loss:.4f} validation_loss={self.validation_loss:.4f}"
            f" validation_accuracy={self.validation_accuracy:.4f} images_per_second={self.images_per_second:.1f}"
            f" data_wait_percent={self.data_wait_percent:.1f}"
        )


def best_line(best: EpochRecord) -> str:
    """Printed after the last epoch: the values of the weights that are exported, so that the last
    `validation_loss=` in the log is theirs and not that of an epoch that early stopping discarded."""
    return (
        f"best_epoch={best.epoch} best_validation_loss={best.validation_loss:.4f}"
        f" best_validation_accuracy={best.validation_accuracy:.4f}"
    )


def test_line(test: Evaluation) -> str:
    """The last line of a run, read by the jobs' metric definitions."""
    return f"test_loss={test.loss:.4f} test_accuracy={test.accuracy:.4f} test_macro_recall={test.macro_recall:.4f}"
