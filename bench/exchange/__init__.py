"""What files cost: importing large ones, and the archive of everything."""
