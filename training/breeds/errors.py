"""The one error that is meant for people: its text says what was wrong, what was found and what to do."""


class TrainingError(Exception):
    """A fault in arguments, data, weights or the course of training; printed without a stack trace."""

    def __init__(self, message: str) -> None:
        # A DataLoader worker hands its error on as the text of a whole traceback, which ends in our message.
        super().__init__(message.rsplit(f"{type(self).__name__}: ", 1)[-1].strip())
