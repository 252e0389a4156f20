"""The rules of the seven practices: what to offer, when, and when not."""
