"""Reading a file of JSON records: its source, its records, its fields, and what is found wrong with them."""
