"""The use cases of the practices."""
