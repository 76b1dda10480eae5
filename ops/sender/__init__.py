"""What the domain that mails come from publishes about its mail: looked up, judged, and said in words."""
