"""Content lines and components (RFC 5545 §3.1, §3.4) that remember the bytes they were read from.

What nobody changes is given back byte for byte: foreign properties, folding, order, line ends, wrong encodings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 8
MAX_LINE = 4 * 1024 * 1024
_FOLD_AT = 75
_HEAD = re.compile(r"\s*(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<params>(?:;[^=;:\"]+=(?:\"[^\"]*\"|[^\";:])*)*)\s*:")
_PARAM = re.compile(r";(?P<name>[^=;:\"]+)=(?P<value>(?:\"[^\"]*\"|[^\";:])*)")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


class Unreadable(Exception):
    """The bytes are no calendar object that can be used; `reason` says why, without any of their content."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Line:
    """One content line. `raw` is what stands in the file with its folds and line end; `name` is in capitals and
    "" for a line that is none; `value` is as written, still escaped."""

    raw: bytes
    name: str
    params: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """BEGIN … END with everything between, in order. The root of a file has neither BEGIN nor END."""

    name: str
    begin: bytes = b""
    items: list[Line | Component] = field(default_factory=list)
    end: bytes = b""

    def lines(self, name: str) -> list[Line]:
        """Its own properties of that name."""
        return [item for item in self.items if isinstance(item, Line) and item.name == name]

    def first(self, name: str) -> Line | None:
        """Its first property of that name."""
        return next(iter(self.lines(name)), None)

    def value(self, name: str, default: str = "") -> str:
        """The value of that property as written, `default` without one."""
        line = self.first(name)
        return default if line is None else line.value

    def children(self, name: str) -> list[Component]:
        """Its direct components of that name."""
        return [item for item in self.items if isinstance(item, Component) and item.name == name]

    def insert(self, *added: Line) -> None:
        """Add properties after its last one, before its components."""
        parts = [place for place, item in enumerate(self.items) if isinstance(item, Component)]
        place = parts[0] if parts else len(self.items)
        self.items[place:place] = added

    def put(self, new: Line) -> None:
        """Set a property: in the place of the first of that name, else after the last one."""
        for place, item in enumerate(self.items):
            if isinstance(item, Line) and item.name == new.name:
                self.items[place] = new
                return
        self.insert(new)

    def drop(self, name: str) -> None:
        """Take away every property of that name."""
        self.items = [item for item in self.items if not (isinstance(item, Line) and item.name == name)]

    def remove(self, gone: Component) -> None:
        """Take away that very component."""
        self.items = [item for item in self.items if item is not gone]

    def walk(self, name: str) -> Iterator[Component]:
        """All components of that name below it, at any depth."""
        for item in self.items:
            if isinstance(item, Component):
                if item.name == name:
                    yield item
                yield from item.walk(name)


def line(name: str, value: str, **params: str) -> Line:
    """A new line. `value` is already in its written form; a parameter with `:;,` in it is quoted."""
    head = "".join([name, *(f";{key}={_quoted(text)}" for key, text in params.items())])
    return Line(_folded(f"{head}:{_CONTROL.sub('', value)}"), name, dict(params), value)


def parse(data: bytes) -> Component:
    """The components of a file under a nameless root. Unreadable when it is too big or its BEGIN and END don't
    pair."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES // (1024 * 1024)} MiB")
    root = Component("")
    stack = [root]
    for raw in _physical(data):
        _take(_read_line(raw), stack)
    if len(stack) > 1:
        raise Unreadable(f"ends inside {stack[-1].name[:40]}")
    return root


def serialise(component: Component) -> bytes:
    """The bytes of a component; those it was parsed from, where nothing was changed."""
    return b"".join(_chunks(component))


def _chunks(component: Component) -> Iterator[bytes]:
    yield component.begin
    for item in component.items:
        if isinstance(item, Line):
            yield item.raw
        else:
            yield from _chunks(item)
    yield component.end


def _take(found: Line, stack: list[Component]) -> None:
    if found.name == "BEGIN":
        if len(stack) > MAX_DEPTH:
            raise Unreadable(f"components nested more than {MAX_DEPTH} deep")
        opened = Component(found.value.strip().upper(), found.raw)
        stack[-1].items.append(opened)
        stack.append(opened)
    elif found.name == "END":
        if len(stack) == 1 or stack[-1].name != found.value.strip().upper():
            raise Unreadable("BEGIN and END don't pair")
        stack.pop().end = found.raw
    else:
        stack[-1].items.append(found)


def _physical(data: bytes) -> Iterator[bytes]:
    """Content lines with their folds, as bytes: a fold may fall inside a character (RFC 5545 §3.1)."""
    parts: list[bytes] = []
    size = 0
    for piece in data.splitlines(keepends=True) if b"\n" not in data else _split(data):
        if parts and piece[:1] not in (b" ", b"\t"):
            yield b"".join(parts)
            parts, size = [], 0
        parts.append(piece)
        size += len(piece)
        if size > MAX_LINE:
            raise Unreadable(f"a line of more than {MAX_LINE // (1024 * 1024)} MiB")
    if parts:
        yield b"".join(parts)


def _split(data: bytes) -> list[bytes]:
    pieces = data.split(b"\n")
    last = pieces.pop()
    return [piece + b"\n" for piece in pieces] + ([last] if last else [])


def _read_line(raw: bytes) -> Line:
    text = _unfolded(raw)
    head = _HEAD.match(text)
    if head is None:
        return Line(raw, "", {}, text)
    params = {m["name"].strip().upper(): m["value"].strip().strip('"') for m in _PARAM.finditer(head["params"])}
    return Line(raw, head["name"].upper(), params, text[head.end() :])


def _unfolded(raw: bytes) -> str:
    joined = re.sub(rb"(?:\r\n?|\n)[ \t]", b"", raw.removeprefix(b"\xef\xbb\xbf")).rstrip(b"\r\n")
    return _CONTROL.sub("", joined.decode("utf-8", "replace"))


def _quoted(text: str) -> str:
    clean = _CONTROL.sub("", text).replace('"', "'").replace("\n", " ")
    return f'"{clean}"' if re.search("[:;,]", clean) else clean


def _folded(text: str) -> bytes:
    """At most 75 octets a line, never cut inside a character or behind a blank, ended by CRLF."""
    pieces: list[bytes] = []
    rest = text.encode("utf-8", "replace")
    room = _FOLD_AT
    while len(rest) > room:
        cut = _cut(rest, room)
        pieces.append(rest[:cut])
        rest, room = rest[cut:], _FOLD_AT - 1
    pieces.append(rest)
    return b"\r\n ".join(pieces) + b"\r\n"


def _cut(rest: bytes, room: int) -> int:
    """Where to fold: some servers take blanks off the end of a line."""
    cut = room
    while rest[cut] & 0xC0 == 0x80:
        cut -= 1
    kept = len(rest[:cut].rstrip(b" "))
    return kept if kept > room // 2 else cut
