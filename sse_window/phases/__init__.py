"""The table of phases and what is worked out of it alone."""
