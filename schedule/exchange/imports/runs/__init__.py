"""Imports that a worker carries out: from being asked for to their end."""
