"""The commands of the practices."""
