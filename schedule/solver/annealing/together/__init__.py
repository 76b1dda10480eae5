"""Sessions that move together: two, a few, stretches of time, or all of them."""
