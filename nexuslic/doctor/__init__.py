"""What may be wrong with a workstation, in plain words; nothing is ever changed."""
