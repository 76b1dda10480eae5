"""The tutorial "Your first conference", walked in a browser: for its test, and for the pictures in its text."""
