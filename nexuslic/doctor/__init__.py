"""The doctor: walks a launch step by step, says what is so at each, and what cures the first that is bad."""
