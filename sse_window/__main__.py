"""`python -m sse_window`: the command line."""

from .cli import main

main(prog_name="sse-window")
