"""Rules over the course of a training, named as SageMaker Debugger names them where it has the same rule.

Debugger is closed to new customers and does not know current PyTorch; these rules run in the program, on a sample of
its steps. https://docs.aws.amazon.com/sagemaker/latest/dg/debugger-built-in-rules.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from breeds.metrics import EpochRecord

# Share of the time in percent that a step may wait for its batch.
STALL_PERCENT = 10.0
# Mean size of a gradient below which a layer does not learn; that of Debugger's VanishingGradient.
VANISHING = 1e-7
# Growth of a layer's gradient against its own median.
EXPLODING = 100.0
# Fall of the training loss that counts as one.
LEAST_FALL = 0.01
# Rise of the validation loss over its best value, as a share of it.
OVERFIT = 0.1
SILENT_SHARE = 0.5
# Untrained outputs are even: their loss is ln(classes).
POOR_START = 2.0


@dataclass(frozen=True)
class Observed:
    """What the rules look at. `samples` are those of the recorder; `failure` says why the run ended early; features
    in memory are not loaded, so nothing can stall."""

    history: Sequence[EpochRecord]
    samples: Sequence[Mapping[str, Any]]
    classes: int
    silent_share: float | None = None
    failure: str | None = None
    on_features: bool = False

    def gradients(self) -> dict[str, list[float]]:
        """Sampled gradient sizes by layer group, in the order of the steps."""
        groups: dict[str, list[float]] = {}
        for sample in self.samples:
            for group, value in sample["gradients"].items():
                groups.setdefault(group, []).append(value)
        return groups


@dataclass(frozen=True)
class Finding:
    """One rule's answer."""

    rule: str
    fired: bool
    message: str
    advice: str


def diagnose(observed: Observed) -> list[Finding]:
    """All rules, fired or not, in a fixed order."""
    rules = {
        "data_loader_stall": (_stall, "Raise --workers, or take a machine with more CPUs per GPU."),
        "vanishing_gradient": (_vanishing, "Start from pretrained weights, or let fewer layers learn."),
        "exploding_gradient": (_exploding, "Take a lower learning rate."),
        "loss_not_decreasing": (_not_decreasing, "Try learning rates on a logarithmic scale; check the labels."),
        "overfit": (
            _overfit,
            "The exported weights are those of the best epoch; more images, views or fewer learning layers help.",
        ),
        "dead_relu": (_silent, "Check the backbone's weights and normalisation; take a lower learning rate."),
        "poor_weight_initialization": (_poor_start, "Check that the weights belong to the backbone."),
    }
    findings = []
    for name, (rule, advice) in rules.items():
        message = rule(observed)
        findings.append(Finding(name, message is not None, message or "", advice))
    return findings


def _stall(observed: Observed) -> str | None:
    slow = [record for record in observed.history if record.data_wait_percent > STALL_PERCENT]
    if observed.on_features or len(slow) * 2 <= len(observed.history):
        return None
    typical = median(record.data_wait_percent for record in slow)
    return f"In {len(slow)} of {len(observed.history)} epochs the steps waited {typical:.0f} % of the time for images."


def _vanishing(observed: Observed) -> str | None:
    small = {group: median(values) for group, values in observed.gradients().items() if median(values) < VANISHING}
    return f"Gradients are near zero in {_values(small)}." if small else None


def _exploding(observed: Observed) -> str | None:
    broken = sorted(group for group, values in observed.gradients().items() if not math.isfinite(values[-1]))
    if broken:
        return f"The last sampled gradients are not numbers in {', '.join(broken)}."
    grown = {}
    for group, values in observed.gradients().items():
        # A scaler that looks for its factor in float16 may skip steps with infinite gradients.
        finite = [value for value in values if math.isfinite(value)]
        usual = median(finite)
        if len(finite) > 2 and max(finite) > EXPLODING * usual > 0:
            grown[group] = max(finite) / usual
    return f"Gradients grew to a multiple of their median in {_values(grown)}." if grown else None


def _not_decreasing(observed: Observed) -> str | None:
    if not observed.history:
        return None
    losses, chance = [record.train_loss for record in observed.history], math.log(observed.classes)
    first, lowest = losses[0], min(losses)
    if lowest >= chance * (1 - LEAST_FALL):
        return f"The lowest training loss, {lowest:.3f}, is that of guessing among {observed.classes} classes."
    if len(losses) > 1 and lowest > first * (1 - LEAST_FALL) and lowest > chance * LEAST_FALL:
        return f"The training loss did not fall: {first:.3f} in the first epoch, {lowest:.3f} at best."
    return None


def _overfit(observed: Observed) -> str | None:
    if not observed.history:
        return None
    best = min(observed.history, key=lambda record: record.validation_loss)
    last = observed.history[-1]
    if last.validation_loss <= best.validation_loss * (1 + OVERFIT) or last.train_loss >= best.train_loss:
        return None
    return (
        f"After epoch {best.epoch} the training loss fell on from {best.train_loss:.3f} to {last.train_loss:.3f}, but "
        f"that of validation rose from {best.validation_loss:.3f} to {last.validation_loss:.3f}."
    )


def _silent(observed: Observed) -> str | None:
    if observed.silent_share is None or observed.silent_share <= SILENT_SHARE:
        return None
    return f"{observed.silent_share:.0%} of the backbone's features were zero for every sampled image."


def _poor_start(observed: Observed) -> str | None:
    chance = math.log(observed.classes)
    # A continued run may have no first sample; a loss that is not a number is no sign of the start.
    first = [sample["loss"] for sample in observed.samples if sample["step"] == 1 and math.isfinite(sample["loss"])]
    if not first or first[0] <= POOR_START * chance:
        return None
    return f"The first loss is {first[0]:.3f}; an untrained head starts near {chance:.3f}."


def _values(groups: Mapping[str, float]) -> str:
    return ", ".join(f"{group} ({value:.1e})" for group, value in groups.items())
