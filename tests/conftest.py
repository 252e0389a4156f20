"""Fixtures that more than one room's tests use; and Ctrl-C as it is in a terminal."""

import signal

from servers import dav_server, fake_server, radicale, xandikos

__all__ = ["dav_server", "fake_server", "radicale", "xandikos"]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell without job control starts what is in the background so, and every program in the tests would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
