"""The command line: one module a group of commands, and the only room that prints."""
