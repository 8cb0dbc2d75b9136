"""Frames of lock boards made by hand, with checks of their own: the codecs are judged by these."""

from __future__ import annotations

from functools import reduce
from operator import xor


def xored(*values: int) -> bytes:
    """8A/80: the check is the exclusive or."""
    return bytes(values) + bytes([reduce(xor, values)])


def summed(*values: int) -> bytes:
    """CU16: the check is the sum."""
    return bytes(values) + bytes([sum(values) & 0xFF])


def cu12(board: int, lock: int, command: int, code: int, *data: int) -> bytes:
    """CU12: the sum stands before the data."""
    header = (0x02, board, lock, command, code, len(data), 0x03)
    return bytes([*header, sum((*header, *data)) & 0xFF, *data])


def wkly(board: int, command: int, *data: int) -> bytes:
    """WKLY: the length is that of the whole frame."""
    return xored(*b"WKLY", 8 + len(data), board, command, *data)
