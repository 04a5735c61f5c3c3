"""The license server: the vendor's half of the rules over a real registry and real HTTPS (extra `server`)."""
