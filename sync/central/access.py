"""One line and one count for every request.

The law of this file: method, route template, status, time, kiosk: no query, no header, no body, and no
word that a caller made up. A kiosk is named as the path names it, proven or not: the status tells.
"""

from __future__ import annotations

import asyncio
import logging
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.central.figures import METHODS, Figures

FAILED = 500
NOWHERE = "none"  # the route of a path that there is not
LOG = logging.getLogger("kiosk.central.access")
_KIOSK = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Access:
    """Around everything else."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        clock = asyncio.get_running_loop().time
        began = clock()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        ended = False
        try:
            await self._app(scope, receive, noted)
            ended = True
        finally:
            self._note(scope, status or (0 if ended else FAILED), clock() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", NOWHERE)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._figures.answered(method, route, status, seconds)
        fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000)}
        kiosk = str(scope.get("path_params", {}).get("kiosk", ""))
        if _KIOSK.fullmatch(kiosk):
            fields["kiosk"] = kiosk
        LOG.info("%s %s %d", method, route, status, extra={"fields": fields})
