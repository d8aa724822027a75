"""Electrolyte and electrode in one cell."""
