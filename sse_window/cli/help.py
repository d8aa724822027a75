"""Help of a command: its own options first, then the common ones in groups."""

from __future__ import annotations

import click

__all__ = ["Command"]

_GROUPS = {
    "Phases": ("dataset", "entries", "replace", "corrections", "allow_mixed", "refresh", "exclude"),
    "Picture": (
        "width",
        "font",
        "labels",
        "title",
        "no_caption",
        "dpi",
        "behind",
        "energy",
        "interphase",
        "ternary",
        "measured",
    ),
    "Output": ("format_", "columns", "cite", "output", "quiet", "verbose", "help"),
}


class Command(click.Command):
    """A command whose help groups its options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the command, then those it has in common with others."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": [], **{g: [] for g in _GROUPS}}
        for parameter in self.get_params(ctx):
            if not isinstance(parameter, click.Option):
                continue  # arguments stand in the usage line
            record = parameter.get_help_record(ctx)
            if record is not None:
                group = next((g for g, names in _GROUPS.items() if parameter.name in names), None)
                sections[group or "Options"].append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)
