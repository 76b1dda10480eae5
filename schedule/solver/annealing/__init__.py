"""The local search: simulated annealing over (start, room) of every session, compiled by numba."""
