"""What follows from how sessions are grouped and rooms are joined."""
