"""SIGTERM: SageMaker sends it two minutes before it takes a spot instance away, torchrun passes it on.

https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html
"""

from __future__ import annotations

import os
import signal
from types import FrameType

EXIT_STATUS = 128 + signal.SIGTERM


class Interrupted(Exception):  # noqa: N818 - asked for, so not an error
    """Training stopped on request; everything done so far is in the checkpoint."""


class StopRequest:
    """Remembers the signal, so that a step is finished and saved rather than cut."""

    def __init__(self) -> None:
        self.received = False

    def listen(self) -> None:
        """Takes over SIGTERM of this process."""
        signal.signal(signal.SIGTERM, self._receive)

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        self.received = True


def detach_worker(_worker: int) -> None:
    """Makes a DataLoader worker survive a SIGTERM to its group, which is what torchrun sends, until the main process
    has saved. The main process still ends its workers by a SIGTERM of their own, so they must not inherit its handler.
    """
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
