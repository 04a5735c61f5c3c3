"""A test bench for contact with a license server: real sockets, real TLS, and every fault done for real (extra `test`).

Everything listens on 127.0.0.1, needs no right and no network, and is closed without a trace at the end of its `with`.
"""
