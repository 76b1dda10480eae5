"""What imports leave behind: keys that rows have in the files they came from, uploaded files, how a file was read."""
