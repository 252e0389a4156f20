"""Text from anywhere, made harmless: the one sanitiser before a terminal or a bubble.

What steers a terminal is taken out with its payload (ECMA-48 control sequences, OSC 8 links, titles), and so is
what turns the reading direction around or can't be encoded. What a person wrote stays, emoji and all.
"""

from __future__ import annotations

import re

_SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, the cursor, clearing
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"  # every other escape
)
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 without the newline, DEL, C1
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # Bidi_Control
    r"\ufeff\ufff9-\ufffb\ud800-\udfff]"  # byte order mark, interlinear annotation, lone surrogates
)
_DANGLING = "\u200d\ufe0f\ufe0e"


def plain(text: str, *, limit: int = 500, newlines: bool = False) -> str:
    """`text` without control sequences, trimmed, at most `limit` (1 or more) characters with "…" as the last
    one when something was cut. Line ends become spaces, or with `newlines` at most one empty line in a row."""
    text = _LINE_ENDS.sub("\n", _SEQUENCES.sub("", text)).replace("\t", " ")
    text = _UNWANTED.sub("", text)
    text = re.sub(r"\n{3,}", "\n\n", text) if newlines else text.replace("\n", " ")
    return _cut(text.strip(), limit)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip().rstrip(_DANGLING) + "…"
