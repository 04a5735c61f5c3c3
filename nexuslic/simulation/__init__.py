"""A world in memory behind the same ports: one true time, and everything that can be wrong with it."""
