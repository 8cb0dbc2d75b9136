"""How each art of `ui.scene` becomes a picture of its own; `ui.studio` keeps the pictures."""

from __future__ import annotations

import pygame

from ui import icons
from ui.letters import Letters
from ui.pen import OVERSIZE
from ui.scene import Art, Colour, Glow, Leaf, Pattern, Plate, Shade, Sign, Words

LEAF_SLANT = 0.16  # how far the free edge of an open door stands out, of its height
QUIET_MODULES = 4  # ISO/IEC 18004: white around a QR code
GLOW_ALPHA = 120  # next to the door; fades to nothing


def picture(art: Art, w: int, h: int, letters: Letters) -> pygame.Surface:
    """A new picture of `art` in `w` by `h` px, transparent around it."""
    match art:
        case Words():
            return letters.font(art.cut).render(text=art.text, antialias=True, color=art.colour)
        case Plate():
            return _plate(art, w, h)
        case Sign():
            return icons.draw(art, min(w, h))
        case Glow():
            return _glow(art, w, h)
        case Leaf():
            return _leaf(art, w, h)
        case Pattern():
            return _pattern(art, w, h)
        case Shade():
            shade = _box(w, h, art.radius, art.colour)
            shade.set_alpha(art.alpha)
            return shade


def _pattern(pattern: Pattern, w: int, h: int) -> pygame.Surface:
    """Modules of whole pixels, and four modules of white around them, as the standard wants."""
    across = len(pattern.rows) + 2 * QUIET_MODULES
    side = max(1, min(w, h) // across)
    paper = pygame.Surface((w, h), pygame.SRCALPHA)
    paper.fill((255, 255, 255))
    left, top = (w - len(pattern.rows) * side) // 2, (h - len(pattern.rows) * side) // 2
    for y, row in enumerate(pattern.rows):
        for x, module in enumerate(row):
            if module == "1":
                paper.fill((0, 0, 0), (left + x * side, top + y * side, side, side))
    return paper


def _plate(plate: Plate, w: int, h: int) -> pygame.Surface:
    face_h = h - plate.lip_h if plate.lip else h
    face = _lined(w, face_h, plate)
    if plate.lip is None:
        return face
    whole = _box(w, h, plate.radius, plate.lip)
    whole.blit(face, (0, 0))
    return whole


def _lined(w: int, h: int, plate: Plate) -> pygame.Surface:
    if plate.line is None:
        return _box(w, h, plate.radius, plate.fill)
    width = plate.line_w
    outer = _box(w, h, plate.radius, plate.line)
    inner = _box(w - 2 * width, h - 2 * width, max(0, plate.radius - width), plate.fill)
    outer.blit(inner, (width, width))
    return outer


def _box(w: int, h: int, radius: int, colour: Colour) -> pygame.Surface:
    """Only the corners are drawn oversize: a large plate costs no more than a small one."""
    radius = min(radius, w // 2, h // 2)
    box = pygame.Surface((w, h), pygame.SRCALPHA)
    box.fill(colour)
    if radius == 0:
        return box
    corner = _disc(radius, colour)
    for right in (False, True):
        for low in (False, True):
            to = (w - radius if right else 0, h - radius if low else 0)
            part = (radius if right else 0, radius if low else 0, radius, radius)
            box.fill((*colour, 0), (*to, radius, radius))
            box.blit(corner, to, part)
    return box


def _disc(radius: int, colour: Colour) -> pygame.Surface:
    side = 2 * radius * OVERSIZE
    big = pygame.Surface((side, side), pygame.SRCALPHA)
    big.fill((*colour, 0))
    pygame.draw.circle(big, colour, (side / 2, side / 2), side / 2)
    return pygame.transform.smoothscale(big, (2 * radius, 2 * radius))


def _glow(glow: Glow, w: int, h: int) -> pygame.Surface:
    light = pygame.Surface((w, h), pygame.SRCALPHA)
    light.fill((*glow.colour, 0))
    for step in range(glow.spread):
        near = (step + 1) / glow.spread
        ring = (step, step, w - 2 * step, h - 2 * step)
        colour = (*glow.colour, round(GLOW_ALPHA * near * near))
        pygame.draw.rect(light, colour, ring, border_radius=max(2, glow.spread + 6 - step))
    return light


def _leaf(leaf: Leaf, w: int, h: int) -> pygame.Surface:
    big_w, big_h = w * OVERSIZE, h * OVERSIZE
    slant = round(big_h * LEAF_SLANT)
    big = pygame.Surface((big_w, big_h), pygame.SRCALPHA)
    big.fill((*leaf.line, 0))
    outline = [(0, 0), (big_w, slant), (big_w, big_h - slant), (0, big_h)]
    pygame.draw.polygon(big, leaf.line, outline)
    rim = 2 * OVERSIZE
    inner = [(rim, rim * 2), (big_w - rim, slant + rim), (big_w - rim, big_h - slant - rim)]
    pygame.draw.polygon(big, leaf.fill, [*inner, (rim, big_h - rim * 2)])
    return pygame.transform.smoothscale(big, (w, h))
