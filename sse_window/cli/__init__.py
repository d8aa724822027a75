"""The command line: arguments, streams and exit codes; no physics."""

from .app import main

__all__ = ["main"]
