"""The command line as a process: `python -m sse_window`, and what the installed command calls.

Nothing is imported before an interrupt has its handler: whoever presses Ctrl-C while Python loads
what a command needs reads one line, as at any later time.
"""

import os
import sys

__all__ = ["main"]

_INTERRUPTED = 130
"""128 and the number of the signal, as shells have it."""


def main() -> None:
    """Run the command line; an interrupt ends it in one line, from the first moment on.

    An interrupt in the midst of an import can come out as another error, or vanish in a callback:
    so it is noted when it comes, and whatever ends the run after it is its doing.
    """
    came: list[int] = []
    try:
        import signal

        def interrupt(number: int, _: object) -> None:
            came.append(number)
            raise KeyboardInterrupt

        def lost(unraisable: "sys.UnraisableHookArgs") -> None:
            # Raised where Python lets nothing through, as in a finaliser: it would be forgotten.
            if came and isinstance(unraisable.exc_value, KeyboardInterrupt):
                _end()
            else:
                sys.__unraisablehook__(unraisable)

        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, interrupt)
            sys.unraisablehook = lost
        from .cli import main as command

        command(prog_name="sse-window")
    except SystemExit:
        raise
    except BaseException as error:
        if not came and not isinstance(error, KeyboardInterrupt):
            raise
        _end()


def _end() -> None:
    """Say so, whatever is left of the streams, and end."""
    if sys.stderr is not None:
        try:
            sys.stderr.write("sse-window: interrupted\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            pass
    # Not by way of the interpreter's end, which would wait for what was begun.
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
