"""The public programme as files: pages that open from a folder and from any path of a web server, without us."""
