"""Numbers, formulas and the linear program; no phases yet."""
