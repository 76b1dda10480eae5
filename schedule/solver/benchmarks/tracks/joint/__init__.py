"""The bound: all tracks in one mixed-integer model, solved in a process of its own."""
