"""One module per page of the organizers."""
