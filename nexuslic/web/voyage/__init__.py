"""The voyage planner: when the application stops at sea, and what prevents it."""
