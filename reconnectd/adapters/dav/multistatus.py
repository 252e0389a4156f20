"""Reading a 207 Multi-Status (RFC 4918 §13, RFC 6578 §6) without believing it.

Expat directly: a document type (and with it every entity), deep nesting and masses of elements end the parse;
how much is read is bounded by the transport.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from reconnectd.errors import Unreachable

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
MAX_DEPTH = 64
MAX_ELEMENTS = 250_000


class Nonsense(Unreachable):
    """What came back is not what a calendar server says."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"what {host} sent is not a calendar server's answer",
            "perhaps this network wants you to sign in first, or [calendar] url is not the calendar's address",
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One response: its raw `href`, its own `status` (None when only its properties have one) and the
    properties that were found (status 2xx)."""

    href: str
    status: int | None
    found: Mapping[str, Element] = field(default_factory=dict)

    def text(self, tag: str) -> str | None:
        """The text of a property, None when it is absent or empty."""
        element = self.found.get(tag)
        return (element.text or None) if element is not None else None

    def href_in(self, tag: str) -> str | None:
        """The first DAV:href inside a property."""
        element = self.found.get(tag)
        inner = element.find(f"{DAV}href") if element is not None else None
        return inner.text.strip() if inner is not None and inner.text else None


@dataclass(frozen=True, slots=True)
class Multistatus:
    """All responses, and the sync token if there was one."""

    items: tuple[Item, ...]
    token: str | None


def parse_multistatus(body: bytes, host: str) -> Multistatus:
    """Read a multistatus; Nonsense when it isn't one."""
    root = parse_xml(body)
    if root is None or root.tag != f"{DAV}multistatus":
        raise Nonsense(host)
    items = tuple(_item(response) for response in root.iterfind(f"{DAV}response"))
    token = root.findtext(f"{DAV}sync-token")
    return Multistatus(items, token.strip() or None if token else None)


def parse_error(body: bytes) -> Mapping[str, str | None]:
    """The preconditions of a DAV:error body: tag → the href inside it; empty for any other body."""
    root = parse_xml(body)
    if root is None or root.tag != f"{DAV}error":
        return {}
    return {child.tag: _text(child.findtext(f"{DAV}href")) for child in root}


def parse_xml(body: bytes) -> Element | None:
    """The root element, None when the body is not well-formed XML without a document type."""
    builder = TreeBuilder()
    try:
        _parser(builder).Parse(body, True)  # noqa: FBT003
        return builder.close()
    except (expat.ExpatError, _Suspicious, AssertionError, LookupError, ValueError, MemoryError):
        return None


class _Suspicious(Exception):
    """A document type, or nesting and numbers that no answer has."""


def _parser(builder: TreeBuilder) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise _Suspicious
        builder.start(_clark(name), {_clark(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_clark(name))

    def refuse(*_: object) -> None:
        raise _Suspicious

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _clark(name: str) -> str:
    return "{" + name if "}" in name else name


def _item(response: Element) -> Item:
    found: dict[str, Element] = {}
    for propstat in response.iterfind(f"{DAV}propstat"):
        if 200 <= (_status(propstat.findtext(f"{DAV}status")) or 200) < 300:
            for prop in propstat.iterfind(f"{DAV}prop"):
                found.update((child.tag, child) for child in prop)
    href = _text(response.findtext(f"{DAV}href")) or ""
    return Item(href, _status(response.findtext(f"{DAV}status")), found)


def _status(line: str | None) -> int | None:
    """The number of a status line such as "HTTP/1.1 404 Not Found"."""
    parts = (line or "").split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else None


def _text(value: str | None) -> str | None:
    return value.strip() or None if value else None
