"""Addresses inside a collection: made comparable, and held to one origin and one folder."""

from __future__ import annotations

from urllib.parse import quote, unquote, urljoin, urlsplit

SAFE = "!$&'()*+,;=:@-._~"


def canonical_path(path: str) -> str | None:
    """`path` with one way of percent-encoding; None when it climbs (`..`) or hides a control character."""
    segments = [unquote(segment) for segment in path.split("/")]
    if any(segment in ("..", ".") or not segment.isprintable() for segment in segments):
        return None
    return "/".join(quote(segment, safe=SAFE) for segment in segments)


def canonical_url(url: str) -> str:
    """A URL with a canonical path and without query, fragment or default port."""
    parts = urlsplit(url)
    return origin(url) + (canonical_path(parts.path) or "/")


def origin(url: str) -> str:
    """Scheme, host and port, the port only where it is not the scheme's own."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else (parts.hostname or "")
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, usual) else "")


def path_here(href: str, base: str) -> str | None:
    """The canonical path of `href` as found in an answer from `base`; None when it is on another origin."""
    try:
        if origin(urljoin(base, href)) != origin(base):
            return None
        # urljoin would silently resolve "..": the server's own spelling is judged.
        return canonical_path(urlsplit(href).path) if href else None
    except ValueError:
        return None


def object_path(href: str, collection: str) -> str | None:
    """The canonical path of an .ics object directly inside `collection`; None for everything else."""
    path = path_here(href, collection)
    if path is None or not path.endswith(".ics"):
        return None
    if "/" not in path:
        return folder(collection) + path
    return path if path.rpartition("/")[0] + "/" == folder(collection) else None


def folder(collection: str) -> str:
    """The canonical path of a collection, with its closing slash."""
    return (canonical_path(urlsplit(collection).path) or "").rstrip("/") + "/"
