"""Every reachable state of the rules, breadth first: small values, two ways to decide, and the shortest story."""
