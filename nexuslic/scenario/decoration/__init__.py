"""Which faults no story catches, and which expectations no fault can break (`nexuslic run --mutate`)."""
