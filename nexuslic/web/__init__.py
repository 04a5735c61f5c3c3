"""Screens in a browser on the user's own machine: thin, over the very calls that the commands make."""
