"""Answers as notebooks and scripts show them: a short text, a table, a data frame, a plot."""
