"""Prints the digest of every voyage that stands in the JSON on standard input; a planted fault may be named."""

import hashlib
import json
import sys

import faults
import voyages


class Patch:
    """As much of pytest's monkeypatch as a planted fault needs."""

    def setattr(self, where, name, value):
        setattr(where, name, value)


def plain(value):
    """Lists of JSON back to the tuples that actions are made of."""
    return tuple(map(plain, value)) if isinstance(value, list) else value


for name in sys.argv[1:]:
    getattr(faults, name)(Patch())
for plan, actions in json.load(sys.stdin):
    trace = voyages.traced(voyages.Voyage(plan), map(plain, actions))
    print(hashlib.sha256(trace.encode("utf-8")).hexdigest())
