"""What a file of another program says, as plain data: only what it says, and whatever was odd about it."""
