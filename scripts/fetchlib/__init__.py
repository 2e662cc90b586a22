"""The parts of scripts/fetch; Python's standard library only."""
