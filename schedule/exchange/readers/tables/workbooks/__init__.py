"""Workbooks, read in a process of their own: a file of a few kB can ask for more memory than there is."""
