"""The former place of `plain`, for callers that have not moved to `reconnectd.config.plain` yet."""

from __future__ import annotations

from reconnectd.config.shown import plain

__all__ = ["plain"]
