"""The License dialog: what was retrieved, how it stands, who holds seats, and what to do about it."""
