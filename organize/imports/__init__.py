"""Bringing in what organizers have: upload, how to read it, preview, import."""
