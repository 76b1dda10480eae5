"""Conferences of tracks: sessions of time slots, rooms, and submissions that fill the slots (CoSPLib workbooks)."""
