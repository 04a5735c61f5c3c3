"""Random stories that are legal: the same seed gives the same files, on every machine.

A teller makes a world and plays scenes in it; the simulation answers; what it answered is what the story expects. So a
story says nothing new about the simulation, and everything about any other stage that has to do the same.
"""
