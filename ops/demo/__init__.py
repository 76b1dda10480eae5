"""The demonstration: the whole work of a forum, done through the same functions, workers and mails as in earnest."""
