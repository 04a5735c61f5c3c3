"""Bytes in, trusted values out: nothing unverified gets past here."""
