"""Requests over so many connections at once, each kept open: how many are answered, and how fast."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Load:
    """What came back: times of answers in ms, and what was not an answer with status 200."""

    seconds: float
    took: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds

    def percentile(self, part: float) -> float:
        """The time, in ms, within which this part of them was answered."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")


def load(port: int, path: str, connections: int, seconds: float) -> Load:
    """Asks for the path again and again."""
    return asyncio.run(_load(port, path, connections, seconds))


async def _load(port: int, path: str, connections: int, seconds: float) -> Load:
    began = time.perf_counter()
    found = Load(seconds)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    await asyncio.gather(*(_ask(port, request, began + seconds, found) for _ in range(connections)))
    found.seconds = time.perf_counter() - began
    return found


async def _ask(port: int, request: bytes, end: float, found: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        while (sent := time.perf_counter()) < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            if head.startswith(b"HTTP/1.1 200 "):
                found.took.append((time.perf_counter() - sent) * 1_000)
            else:
                found.failed.append(head.split(b"\r\n", 1)[0].decode())
    except (OSError, asyncio.IncompleteReadError) as error:
        found.failed.append(type(error).__name__)
    finally:
        writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without a length")
