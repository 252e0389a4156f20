"""Where to begin: from what a person writes as an address to the URLs worth asking (RFC 6764)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from reconnectd.core.loopback import is_loopback

WELL_KNOWN = "/.well-known/caldav"
DNS_SECONDS = 3.0


def starting_points(address: str, features: Any = None) -> list[str]:
    """URLs to try in this order. `address` is a host, host:port, host/path or a full URL; `features` is
    what caldav knows about the kind of server, or None."""
    if "://" in address:
        return _with_well_known(address)
    host = urlsplit(f"//{address}").hostname or address
    scheme = "http" if is_loopback(host) else "https"
    if "/" in address.rstrip("/"):
        return _with_well_known(f"{scheme}://{address}")
    root = f"{scheme}://{address.rstrip('/')}/"
    announced = None if is_loopback(host) or ":" in address else announced_by_dns(host)
    hinted = _hinted(root, features)
    found = [announced] if announced and urlsplit(announced).path not in ("", "/") else []
    bases = [base for base in (announced, root) if base]
    return _unique([*found, *hinted, *(urljoin(base, WELL_KNOWN) for base in bases), *bases])


def announced_by_dns(host: str) -> str | None:
    """The address in the _caldavs._tcp SRV and TXT records of `host`, if it stays within that domain."""
    import caldav.discovery

    rfc6764: Any = caldav.discovery
    try:
        rfc6764.dns.resolver.get_default_resolver().lifetime = DNS_SECONDS
    except rfc6764.dns.exception.DNSException:
        return None  # no network, or none configured yet
    for target, port, _priority, _weight in rfc6764._srv_lookup(host, "caldav"):  # noqa: SLF001
        if target and rfc6764._is_subdomain_or_same(target, host):  # noqa: SLF001
            path = rfc6764._txt_lookup(host, "caldav") or "/"  # noqa: SLF001
            return urljoin(f"https://{target}:{port}", str(path))
    return None


def same_site(one: str, other: str) -> bool:
    """Do two hosts belong together: the same, one below the other, or neighbours below one domain?"""
    one, other = one.lower(), other.lower()
    if one == other or one.endswith("." + other) or other.endswith("." + one):
        return True
    parents = _parents(one), _parents(other)
    return "." in parents[0] and parents[0] == parents[1] and not one.replace(".", "").isdecimal()


def _parents(host: str) -> str:
    """The domain that somebody registered, as far as that shows: `co.uk` and its kind are nobody's."""
    labels = host.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS
    return ".".join(labels[-3 if shared else -2 :])


_SECOND_LEVELS = frozenset({"ac", "asso", "co", "com", "edu", "gob", "gov", "ne", "net", "nom", "or", "org"})


def _hinted(root: str, features: Any) -> list[str]:
    hints = features.is_supported("auto-connect.url", dict) if features is not None else {}
    path = (hints or {}).get("basepath")
    return [urljoin(root, path)] if path else []


def _with_well_known(url: str) -> list[str]:
    root = urljoin(url, "/")
    return _unique([url, urljoin(root, WELL_KNOWN)])


def _unique(urls: list[str]) -> list[str]:
    return list(dict.fromkeys(urls))
