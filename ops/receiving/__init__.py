"""What stands between the web server and Django: a request takes a thread once all of it is here. No Django."""
