"""What would help? Single changes of a problem's rules, each tried by really solving the changed problem."""
