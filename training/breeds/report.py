"""The report of a training: report.json for programs, report.html for people, with what to do about findings."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

import torch

from breeds import svg
from breeds.diagnosis import Finding, Observed, diagnose
from breeds.export import encode, write
from breeds.recorder import PHASES

FORMAT_VERSION = 1


def write_report(folder: Path, observed: Observed) -> list[Finding]:
    """Writes report.json and report.html into `folder` and returns the findings that fired."""
    findings = diagnose(observed)
    values = summary(observed, findings)
    write(folder / "report.json", encode(values))
    write(folder / "report.html", _page(observed, values, findings).encode())
    return [finding for finding in findings if finding.fired]


def summary(observed: Observed, findings: Sequence[Finding]) -> dict[str, Any]:
    """The report as plain values; a number that is none becomes null, which JSON has."""
    return {
        "format_version": FORMAT_VERSION,
        "failure": observed.failure,
        "findings": [asdict(finding) for finding in findings],
        "sampled_steps": len(observed.samples),
        "steps_milliseconds": _phases(observed),
        "gradients": {
            group: {
                "first": _finite(values[0]),
                "median": _finite(median(values)),
                "last": _finite(values[-1]),
                "smallest": _finite(min(values)),
                "largest": _finite(max(values)),
            }
            for group, values in observed.gradients().items()
        },
        "silent_features_share": observed.silent_share,
        "epochs": [asdict(record) for record in observed.history],
        "environment": {"torch": str(torch.__version__), "threads": torch.get_num_threads(), "cpus": os.cpu_count()},
    }


def _phases(observed: Observed) -> dict[str, dict[str, float]]:
    """Median and 95th percentile of each phase, and its share of the sampled time in percent."""
    if not observed.samples:
        return {}
    values = {phase: sorted(float(sample[phase]) for sample in observed.samples) for phase in PHASES}
    whole = sum(map(sum, values.values())) or 1.0
    return {
        phase: {
            "median": 1000 * median(seconds),
            "p95": 1000 * seconds[math.ceil(0.95 * len(seconds)) - 1],
            "percent": 100 * sum(seconds) / whole,
        }
        for phase, seconds in values.items()
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _page(observed: Observed, values: dict[str, Any], findings: Sequence[Finding]) -> str:
    fired = [finding for finding in findings if finding.fired]
    quiet = ", ".join(finding.rule for finding in findings if not finding.fired)
    parts = []
    if observed.failure is not None:
        parts.append(f"<p><strong>The training failed:</strong> {escape(observed.failure)}</p>")
    for finding in fired:
        text = f"{escape(finding.message)} {escape(finding.advice)}"
        parts.append(f"<p><strong>{finding.rule}</strong>: {text}</p>")
    parts.append(f"<p>Nothing found by: {quiet or 'no rule'}.</p>")
    if observed.history:
        losses = {
            "training loss": [(record.epoch, record.train_loss) for record in observed.history],
            "validation loss": [(record.epoch, record.validation_loss) for record in observed.history],
        }
        parts.append(svg.lines("Loss per image", "epoch", losses))
    parts.append("<h2>Time of a step</h2>")
    phases = values["steps_milliseconds"]
    rows = [
        [phase, f"{row['median']:.1f}", f"{row['p95']:.1f}", f"{row['percent']:.1f}"] for phase, row in phases.items()
    ]
    parts.append(_table(["phase", "median ms", "95th percentile ms", "% of the time"], rows))
    parts.append(f"<p>{values['sampled_steps']} sampled steps. On a GPU the phases are waited for.</p>")
    parts.append("<h2>Gradients by layer group, root mean square</h2>")
    parts.append(
        _table(
            ["group", "first", "median", "last", "smallest", "largest"],
            [[group, *map(_number, row.values())] for group, row in values["gradients"].items()],
        )
    )
    parts.append("<h2>Epochs</h2>")
    if observed.history:
        names = list(asdict(observed.history[0]))
        table = [[_number(value) for value in asdict(record).values()] for record in observed.history]
        parts.append(_table([name.replace("_", " ") for name in names], table))
    style = "body{font:15px sans-serif;max-width:62em;margin:auto;padding:1em}td,th{padding:.2em .8em;text-align:right}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Training report</title>'
        f"<style>{style}</style></head><body><h1>Training report</h1>{''.join(parts)}</body></html>\n"
    )


def _number(value: float | None) -> str:
    return "not a number" if value is None else f"{value:.4g}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{cells}</tr>{body}</table>"
