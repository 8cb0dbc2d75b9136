"""Every family of fake boards by its name in the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from drivers.bench.family import Family
from drivers.bench.kerong import KerongCu12, KerongCu16
from drivers.bench.waveshare import WaveshareModbus
from drivers.bench.wkly import Wkly
from drivers.bench.xor_8a80 import Xor8A80

FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "xor-8a80": Xor8A80(),
        "waveshare-modbus": WaveshareModbus(),
        "kerong-cu16": KerongCu16(),
        "kerong-cu12": KerongCu12(),
        "wkly": Wkly(),
    }
)
