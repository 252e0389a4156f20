"""Fixtures that more than one room's tests use."""

from servers import dav_server, fake_server, radicale, xandikos

__all__ = ["dav_server", "fake_server", "radicale", "xandikos"]
