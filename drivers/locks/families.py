"""Every family of serial lock boards that this program speaks, by its name in the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drivers.boards import Codec
from drivers.locks.kerong_cu12 import KerongCu12
from drivers.locks.kerong_cu16 import KerongCu16
from drivers.locks.waveshare_modbus import WaveshareModbus
from drivers.locks.wkly import Wkly
from drivers.locks.xor_8a80 import Xor8A80

_CODECS: tuple[Codec, ...] = (Xor8A80(), WaveshareModbus(), KerongCu16(), KerongCu12(), Wkly())

FAMILIES: Mapping[str, Codec] = MappingProxyType({codec.family: codec for codec in _CODECS})
