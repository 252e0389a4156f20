"""Each module owns one foreign thing and knows none of its siblings."""
