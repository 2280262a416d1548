"""Pseudonymisation: the parts behind `coach.domain.redact`."""
