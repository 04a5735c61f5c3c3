"""The steps: each says which one it follows, and none is changed once it was released."""
