"""Electrochemical stability windows and interfaces of solid electrolytes, from formation energies."""
