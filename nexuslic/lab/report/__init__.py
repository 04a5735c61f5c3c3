"""The policy report: one page that can be mailed."""
