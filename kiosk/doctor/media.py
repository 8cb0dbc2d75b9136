"""Screen, type, sound and voice, as the libraries would find them."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.config import Config
from kiosk.doctor.findings import Finding, doubt, well, wrong
from kiosk.doctor.serving import Serving
from ui import probe
from ui.probe import Display, Mixer


def check(config: Config, serving: Serving) -> Iterator[Finding]:
    """A screen has one master: while `run` serves it is in its hands."""
    if serving.there:
        yield well("screen", "in the hands of kiosk run")
    else:
        yield screen(config, probe.display())
        yield sound(probe.mixer())
    missing = probe.missing_fonts()
    if missing:
        words = f"not there: {missing[0]}"
        yield wrong("fonts", words, "install again what requirements.lock names")
    else:
        yield well("fonts", "Source Sans Pro is here")
    if probe.has_voice():
        yield well("voice", f"{probe.VOICE} is here: sentences are spoken")
    else:
        words = f"{probe.VOICE} is not installed: tones only"
        yield doubt("voice", words, f"sudo apt install {probe.VOICE}")


def screen(config: Config, found: Display) -> Finding:
    """Whether there is one to look at, and as large as the configuration says."""
    wanted = (config.screen.width, config.screen.height)
    if found.error:
        todo = "is it connected? groups video, render, input; on a Pi: SDL_VIDEODRIVER=kmsdrm"
        return wrong("screen", f"none can be had: {found.error}", todo)
    if not found.seen:
        words = f'video driver "{found.driver}" shows nobody anything'
        todo = "ask on the kiosk itself, with its environment (sudo -u kiosk …, DISPLAY)"
        return doubt("screen", words, todo)
    sizes = " and ".join(f"{w}×{h}" for w, h in found.sizes) or "unknown"
    words = f"{found.driver}, {sizes} pixels"
    if config.fullscreen and found.sizes and wanted not in found.sizes:
        told = f"{words}, but [screen] says {wanted[0]}×{wanted[1]}"
        if wanted[::-1] in found.sizes:
            todo = "set width and height the other way round; the screen is not turned by itself"
        else:
            todo = "set width and height in [screen] to the panel's"
        return doubt("screen", told, todo)
    return well("screen", words)


def sound(found: Mixer) -> Finding:
    """Sound helps and never hinders: without it there is a warning, no more."""
    if found.error:
        todo = "is a sound card there (aplay -l), and this user in the group audio?"
        return doubt("sound", f"no device can be opened: {found.error}", todo)
    if not found.heard:
        return doubt("sound", f'audio driver "{found.driver}" is silent', "unset SDL_AUDIODRIVER")
    return well("sound", f"{found.driver} can be opened")
