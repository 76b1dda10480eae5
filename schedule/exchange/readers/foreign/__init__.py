"""Readers of other programs' files: bytes in, what they say gathered (`schedule.exchange.incoming`)."""
