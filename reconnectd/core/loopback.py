"""Whether a host is this machine: the one answer that decides where a password may go without encryption."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Only what no name server is asked about: an address of the machine itself, in brackets or not, or localhost.

    Names below localhost (RFC 6761, 6.3) are not among them: not every resolver answers for these by itself.
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
