"""What can happen to a conference and its programme."""
