"""A refusal or failure as its caller may see it: a problem (RFC 9457) with a stable code."""

from __future__ import annotations

import json

# Codes that the invoke function has too mean the same there.
TITLES: dict[str, tuple[int, str]] = {
    "malformed-request": (400, "The request cannot be read"),
    "too-many-images": (400, "The request has too many images"),
    "url-not-accepted": (400, "The URL is not accepted"),
    "not-found": (404, "There is nothing at this path"),
    "method-not-allowed": (405, "The method is not allowed"),
    "not-acceptable": (406, "The answer cannot have this form"),
    "request-timeout": (408, "The request came too slowly"),
    "image-too-large": (413, "The image is too large"),
    "body-too-large": (413, "The request is too large"),
    "unsupported-image": (415, "The image type is not supported"),
    "unsupported-type": (415, "The content type is not supported"),
    "image-too-narrow": (422, "The image is too narrow"),
    "damaged-image": (422, "The image is damaged"),
    "headers-too-large": (431, "The request's headers are too large"),
    "internal": (500, "The service failed"),
    "not-implemented": (501, "The request needs what the service lacks"),
    "not-ready": (503, "The service is not ready"),
    "overloaded": (503, "The service has too much to do"),
    "out-of-memory": (503, "The service has too little memory for the request"),
    "timed-out": (504, "The model did not answer in time"),
}

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818 - most of them are refusals, not faults of the program
    """What is wrong, by a code of `TITLES` and one sentence; nothing of the cause, which goes to the log alone."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail
        self.status, self.title = TITLES[code]

    def at(self, index: int) -> Problem:
        """The same problem, told with the position of the image in its request."""
        return Problem(self.code, f"Image {index}: {self.detail}")

    def to_json(self) -> bytes:
        """The body of an answer with `MEDIA_TYPE`."""
        fields = {"type": "about:blank", "title": self.title, "status": self.status}
        return json.dumps({**fields, "detail": self.detail, "code": self.code}).encode()
