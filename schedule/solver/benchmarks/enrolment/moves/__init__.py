"""The compiled moves of the searches, and the state they change."""
