"""The composition root: what the daemon, the worker and the command line are made of. No click in here."""
