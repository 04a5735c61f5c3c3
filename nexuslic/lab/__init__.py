"""Questions about a policy, answered by running the rules."""
