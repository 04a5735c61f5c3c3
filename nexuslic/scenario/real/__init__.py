"""The parts of a real stage: a license server's process, applications' processes, databases, what is on the wire."""
