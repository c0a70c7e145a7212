"""gzip without a compressor: the same bytes from every version of Python and zlib."""

from __future__ import annotations

import io
import struct
import zlib
from typing import IO, Any


class StoredGzip(io.RawIOBase):
    """A gzip stream of stored blocks (RFC 1951, 3.2.4; RFC 1952): no time, no name, no compressor."""

    BLOCK = 65535

    def __init__(self, target: IO[bytes]) -> None:
        self.target, self.crc, self.size, self.rest = target, 0, 0, b""
        target.write(b"\x1f\x8b\x08\x00" + bytes(4) + b"\x00\xff")

    def write(self, data: Any) -> int:
        """Takes everything."""
        content = bytes(data)
        self.crc, self.size = zlib.crc32(content, self.crc), self.size + len(content)
        self.rest += content
        while len(self.rest) > self.BLOCK:
            self._block(self.rest[: self.BLOCK], last=False)
            self.rest = self.rest[self.BLOCK :]
        return len(content)

    def finish(self) -> None:
        """Writes the end of the stream."""
        self._block(self.rest, last=True)
        self.target.write(struct.pack("<II", self.crc, self.size & 0xFFFFFFFF))

    def _block(self, data: bytes, last: bool) -> None:
        self.target.write(struct.pack("<BHH", int(last), len(data), len(data) ^ 0xFFFF) + data)
