"""What an import would do with each record of a file: the entries of its preview, and what holds between them."""
