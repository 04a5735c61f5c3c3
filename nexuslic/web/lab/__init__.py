"""The policy lab as a screen: choose trips and a policy, and see who is refused, down to each trip and its story."""
