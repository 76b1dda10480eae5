"""Where could a session go? All places of a day at once, and with whom it could change places."""
