"""Where could it go? All starts and rooms of one session at once, and with whom it could change places."""
