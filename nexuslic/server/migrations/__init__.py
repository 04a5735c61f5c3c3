"""The registry's schema, step by step; `nexuslic.server.migrate` runs the steps."""
