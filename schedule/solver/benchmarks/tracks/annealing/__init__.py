"""The compiled annealing over the cells of a schedule."""
