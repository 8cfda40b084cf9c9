"""The flow under a seeded random mix of faults, and what must be true afterwards."""
