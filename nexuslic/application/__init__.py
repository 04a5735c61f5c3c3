"""The customer's side put together: what an application embeds, and what the customer's commands call."""
