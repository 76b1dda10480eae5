"""The public formats, each with an engine of its own."""
