"""Plenary behind a proxy with the settings that the documentation gives, word for word."""
