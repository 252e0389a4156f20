"""The use cases: the daemon, one sync, and what a person does to an occurrence."""
