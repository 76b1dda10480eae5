"""Importing into a conference: keep the file, read it, find what would change, and change what organizers chose."""
