"""Trips as people list them: a file, its cells, its rows, and what is wrong with them."""
