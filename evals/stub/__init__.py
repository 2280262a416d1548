"""A stand-in for a language model's provider: a real HTTP server on loopback, for tests and evals.

    with StubServer() as stub:
        ...  # point the program at stub.url("good") or at stub.url("hang")
        stub.requests("good")  # every body that arrived, for canary checks

It proves plumbing, limits and scorers; how a real model reacts to a prompt it cannot show.
"""

from evals.stub.server import Arrived, StubServer

__all__ = ["Arrived", "StubServer"]
