"""The files of a programme that everybody may take along: which there are, and how large ones are made."""
