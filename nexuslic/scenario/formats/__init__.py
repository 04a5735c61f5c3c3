"""What a run came to, as text in the formats that people and other programs read: values in, text out."""
