"""The vendor's half: what the license server grants and denies, and what support may change. Pure as well."""
