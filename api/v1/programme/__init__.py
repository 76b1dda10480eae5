"""The released programme for programs. Nothing here reads a draft."""
