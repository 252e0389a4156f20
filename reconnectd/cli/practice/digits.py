"""A clock's digits for reading from the other end of a table: five rows of cells that are two columns wide."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

FONT = """\
###  #  ### ### # # ### ### ### ### ###
# # ##    #   # # # #   #     # # # # #
# #  #  ###  ## ### ### ###  #  ### ###
# #  #  #     #   #   # # #  #  # #   #
### ### ### ###   # ### ###  #  ### ###
""".splitlines()
COLON = " # # "
GAP = "  "

BLOCKS, HASHES = "██", "##"


def cell(environ: Mapping[str, str] = os.environ, encoding: str | None = None) -> str:
    """What a cell is drawn with. A block is of ambiguous width (Unicode, UAX 11): a terminal of somebody who reads
    Chinese, Japanese or Korean may make it twice as wide, and other encodings than Unicode's have none."""
    language = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    known = (encoding or sys.stdout.encoding or "").lower().startswith("utf")
    return BLOCKS if known and language[:2] not in {"zh", "ja", "ko"} else HASHES


def large(clock: str, drawn: str = BLOCKS) -> list[str]:
    """Five rows for digits and colons."""
    blank = " " * len(drawn)
    return [
        GAP.join("".join(drawn if dot == "#" else blank for dot in _dots(sign, row)) for sign in clock)
        for row in range(5)
    ]


def _dots(sign: str, row: int) -> str:
    if sign == ":":
        return COLON[row]
    start = 4 * int(sign)
    return FONT[row][start : start + 3].ljust(3)
