"""One mail that tells several messages to one reader."""
