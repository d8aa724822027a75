"""Finished results as records, rows and files."""
