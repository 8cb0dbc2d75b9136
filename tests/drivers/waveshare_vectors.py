"""Frames of Waveshare relay boards: captured, quoted by several sources, or sealed by hand.

Bytes are hex. An answer of "" is the request again, where there is one.
"""

from __future__ import annotations

# What the driver sends, with the numbers to ask it for them.
FLASHES = (  # request, board, channel, pulse in ms
    ("01 05 02 00 00 07 8D B0", 1, 1, 700),
    ("01 05 02 00 00 05 0C 71", 1, 1, 500),
    ("01 05 02 01 00 05 5D B1", 1, 2, 500),
    ("01 05 02 01 00 08 9C 74", 1, 2, 800),
    ("01 05 02 07 00 05 BD B0", 1, 8, 500),
    ("02 05 02 00 00 05 0C 42", 2, 1, 500),
    ("03 05 02 00 00 05 0D 93", 3, 1, 500),
    ("03 05 02 01 00 05 5C 53", 3, 2, 500),
    ("03 05 02 07 00 05 BC 52", 3, 8, 500),
)
READS = (  # request, answer, bits by channel
    ("01 01 00 00 00 08 3D CC", "01 01 01 41 91 B8", {1, 7}),
    ("01 02 00 00 00 08 79 CC", "01 02 01 FF E1 C8", {1, 2, 3, 4, 5, 6, 7, 8}),
    ("01 02 00 00 00 08 79 CC", "01 02 01 FE 20 08", {2, 3, 4, 5, 6, 7, 8}),
)
READ_32_RELAYS = "01 01 00 00 00 20 3D D2"
READ_MODES = "01 03 10 00 00 08 40 CC"
ALL_OFF = "01 05 00 FF 00 00 FD FA"

# What it never sends: request, answer, board, channel, words of `explain` for the request.
STRANGE = (
    ("01 05 00 00 FF 00 8C 3A", "", 1, 1, "relay 1 ON to stay: wrong for locks"),
    ("01 05 00 00 00 00 CD CA", "", 1, 1, "relay 1 off"),
    ("01 05 00 00 55 00 F2 9A", "", 1, 1, "relay 1 toggled: wrong for locks"),
    ("01 05 00 FF FF 00 BC 0A", "", 1, 0, "every relay ON to stay: wrong for locks"),
    ("01 05 04 00 00 05 0C F9", "", 1, 1, "relay 1 off for 500 ms, then ON to stay"),
    ("01 0F 00 00 00 08 01 FF BE D5", "01 0F 00 00 00 08 54 0D", 1, 0, "8 relays from 1 on"),
    ("01 06 10 00 00 00 8D 0A", "", 1, 1, "mode of channel 1 set to normal"),
    ("01 06 10 00 00 01 4C CA", "", 1, 1, "mode of channel 1 set to linkage"),
    ("00 06 40 00 00 01 5C 1B", "", 0, 0, "board address set to 1"),
    ("00 06 40 00 00 02 1C 1A", "", 0, 0, "board address set to 2"),
    ("00 06 40 00 00 03 DD DA", "", 0, 0, "board address set to 3"),
    ("00 03 40 00 00 01 90 1B", "", 0, 0, "asks for board address"),
    ("00 06 20 00 00 04 82 18", "", 0, 0, "baud and parity set to 4"),
    ("00 06 20 00 00 05 43 D8", "", 0, 0, "baud and parity set to 5"),
    ("00 06 20 00 00 01 42 1B", "", 0, 0, "baud and parity set to 1"),
    ("00 03 80 00 00 01 AC 1B", "00 03 02 00 C8 84 12", 0, 0, "asks for version"),
)
REFUSALS = (  # request, answer, words
    ("01 05 02 09 00 05 DC 73", "01 85 02 C3 51", "no such channel or register"),
    ("01 05 02 09 00 05 DC 73", "01 85 01 83 50", "does not know this function"),
)
SPOILT = ("01 05 02 00 00 07 8D 4F", "00 06 20 00 00 04 82 09")  # each with a wrong CRC
