"""Answers of people's calendar programs to our invitations (RFC 5546 3.2.3, RFC 6047)."""
