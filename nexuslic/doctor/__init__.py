"""The doctor: what may be wrong with a workstation or with a launch, in plain words; nothing is ever changed."""
