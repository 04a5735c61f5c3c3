"""The vendor's console: screens at /console on the license server itself, over what its routes call."""
