"""Property tests draw the same examples in every normal run; `KIOSK_RANDOM=1` draws new ones (nightly)."""

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
settings.register_profile("random", print_blob=True)
settings.load_profile("random" if os.environ.get("KIOSK_RANDOM") else "steady")
