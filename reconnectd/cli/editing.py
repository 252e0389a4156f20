"""Which editor a person uses."""

from __future__ import annotations

from reconnectd.errors import ReconnectdError

EDITORS = ("sensible-editor", "editor", "nano", "vim", "vi")


def editor() -> list[str]:
    """The words that start the person's editor: $VISUAL, $EDITOR, or one that is usually there."""
    import os
    import shlex
    import shutil

    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError:
            raise ReconnectdError(f"{name} has a quote that isn't closed", f"set {name} anew, or unset it") from None
        if words:
            return words
    found = next((name for name in EDITORS if shutil.which(name)), None)
    if found is None:
        raise ReconnectdError("no editor was found here", "set EDITOR to the one you like, for instance EDITOR=nano")
    return [found]
