"""What people write and where they are reached, each in one form whichever way it came: pages, files, the API."""
