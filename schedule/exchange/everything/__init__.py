"""The archive of everything: the programme in our own format, and every table of a conference, for its owners."""
