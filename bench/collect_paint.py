"""One digit on the code screen: event taken → flip returned, over a full blit and flip of the surface."""

from __future__ import annotations

from bench.measure import Numbers, Size
from bench.probe import probed


def paint(size: Size) -> Numbers:
    """`paint_ratio`, measured in a process that owns a window."""
    (ratio,) = probed("bench.probe_paint", str(size.pairs))
    return {"collect.paint_ratio": ratio}
