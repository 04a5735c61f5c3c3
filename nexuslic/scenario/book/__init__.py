"""Stories as prose with their results, for those who decide what must be so and sign it."""
