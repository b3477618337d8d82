"""Measurements beside a floor: ``script/bench`` or ``python -m bench``."""
