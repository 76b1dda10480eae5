"""Drafts as a whole: made, named, put aside, undone, compared and followed."""
