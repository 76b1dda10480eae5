"""The programme file: its fields, its one reader, and the problem it holds."""
