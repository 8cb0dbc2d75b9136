"""Which version this is, and the oldest moment at which it can be running."""

VERSION = "0.1.0"
BUILT_MS = 1_795_219_200_000  # 2026-11-21T00:00:00Z: no clock of a kiosk that runs this is earlier
