"""Which line a key stands on. Only for telling: what a value is, tomllib has decided.

The one importer of tree-sitter, and itself imported only when there is something to tell.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import tree_sitter_toml
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from tree_sitter import Node

    from reconnectd.config.problems import KeyPath

_TABLES = {"table", "table_array_element"}
_OPENING = {"'", '"', "'''", '"""', "[", "[[", "{"}
_KEYS = {"bare_key", "quoted_key", "dotted_key"}


class Positions:
    """The lines (from 1) of everything in one document that tomllib has accepted."""

    def __init__(self, raw: bytes) -> None:
        self._lines: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}
        for node in _root(raw).named_children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in _TABLES:
                self._table(node)

    def line(self, key: KeyPath) -> int:
        """The line of a key, or of the nearest thing around it that has one."""
        for length in range(len(key), 0, -1):
            if key[:length] in self._lines:
                return self._lines[key[:length]]
        return 1

    def _table(self, node: Node) -> None:
        header = next((child for child in node.named_children if child.type in _KEYS), None)
        path: KeyPath = _parts(header) if header is not None else ()
        if node.type == "table_array_element":
            number = self._counts.get(path, 0)
            self._counts[path] = number + 1
            path = (*path, number)
        self._note(path, node)
        for child in node.named_children:
            if child.type == "pair":
                self._pair(child, path)

    def _pair(self, node: Node, table: KeyPath) -> None:
        children = [child for child in node.named_children if child.type != "comment"]
        path = (*table, *_parts(children[0]))
        self._note(path, node)
        if len(children) > 1:
            self._value(children[-1], path)

    def _value(self, node: Node, path: KeyPath) -> None:
        items = [child for child in node.named_children if child.type != "comment"]
        if node.type == "inline_table":
            for item in items:
                self._pair(item, path)
        elif node.type == "array":
            for index, item in enumerate(items):
                self._note((*path, index), item)

    def _note(self, path: KeyPath, node: Node) -> None:
        """Also for the tables that a dotted name makes on the way. The first line counts."""
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], node.start_point[0] + 1)


def opened(raw: bytes) -> int | None:
    """The line of the quote or bracket that is never closed, in a document that ends too early."""
    nodes = [_root(raw)]
    while nodes:
        node = nodes.pop()
        if node.is_error:
            mark = next((child for child in node.children if child.type in _OPENING), node)
            return mark.start_point[0] + 1
        if node.has_error:
            nodes.extend(reversed(node.children))
    return None


def _root(raw: bytes) -> Node:
    return Parser(Language(tree_sitter_toml.language())).parse(raw.removeprefix(b"\xef\xbb\xbf")).root_node


def _parts(node: Node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(part for child in node.named_children for part in _parts(child))
    text = (node.text or b"").decode(errors="replace")
    return (next(iter(tomllib.loads(f"{text} = 0"))),) if node.type == "quoted_key" else (text,)
