"""Options that every picture shares: width, font, labels, and what stands around it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from ..plots import Style

__all__ = ["PICTURES", "FigureOptions", "figure_options"]

F = TypeVar("F", bound=Callable[..., Any])

PICTURES = (".png", ".svg", ".pdf")
"""Endings of pictures."""


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """Values of the options of a picture; None is not asked.

    Attributes
    ----------
    width, font, labels, title : str or None
    caption : bool
    dpi : int or None
    """

    width: str | None
    font: str | None
    labels: str | None
    caption: bool
    title: str | None
    dpi: int | None

    def style(self, picture: bool, width: str) -> Style | None:
        """How the picture is to be set; None where there is none.

        Parameters
        ----------
        picture : bool
            A picture is asked for.
        width : str
            Where none is.
        """
        if not picture:
            for name in ("width", "font", "labels", "title", "dpi"):
                if getattr(self, name) is not None:
                    raise click.UsageError(f"--{name} goes with a picture: give -o FILE.svg")
            if not self.caption:
                raise click.UsageError("--no-caption goes with a picture: give -o FILE.svg")
            return None
        import logging
        from dataclasses import replace

        from ..plots import Style

        # What it says of folders and settings that it does without is no warning of the answer.
        logging.getLogger("matplotlib").setLevel(logging.ERROR)
        given = {
            name: getattr(self, name)
            for name in ("font", "labels", "title", "dpi")
            if getattr(self, name) is not None
        }
        return replace(Style.of(self.width or width), caption=self.caption, **given)


def figure_options(function: F) -> F:
    """Give a command the options of its picture, as one argument `figure`."""

    @click.option(
        "--width",
        metavar="single|double|INCHES",
        help="Width of a picture: a journal's column, or inches.",
    )
    @click.option("--font", metavar="NAME", help="Font of a picture, as this machine names it.")
    @click.option(
        "--labels",
        type=click.Choice(["full", "short", "none"]),
        help="How much is written inside a picture.",
    )
    @click.option("--title", metavar="TEXT", help="Heading of a picture; '' for none.")
    @click.option("--no-caption", is_flag=True, help="Leave out where the numbers come from.")
    @click.option("--dpi", type=click.IntRange(50, 1200), help="Resolution of a png.")
    @functools.wraps(function)
    def command(
        width: str | None,
        font: str | None,
        labels: str | None,
        title: str | None,
        no_caption: bool,
        dpi: int | None,
        **values: Any,
    ) -> Any:
        figure = FigureOptions(width, font, labels, not no_caption, title, dpi)
        return function(figure=figure, **values)

    return cast(F, command)
