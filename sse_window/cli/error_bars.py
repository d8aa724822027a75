"""Options of error bars: how many draws of the energies, from which seed, with which error."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, cast

import click

from .options import FiniteFloat

__all__ = ["ErrorBars", "error_bar_options"]

F = TypeVar("F", bound=Callable[..., Any])

_DRAWS = 200
_MOST_DRAWS = 1_000_000
"""Quantiles of more draws gain no digit that the error of the energies would not drown."""


@dataclass(frozen=True, slots=True)
class ErrorBars:
    """Values of the options of error bars; None is not asked.

    Attributes
    ----------
    draws, seed : int or None
    energy_error_eV_per_atom : float or None
    """

    draws: int | None
    seed: int | None
    energy_error_eV_per_atom: float | None

    def question(self) -> dict[str, Any]:
        """Arguments of a question of :mod:`sse_window.api`."""
        from .. import api

        return {**asdict(self), "seed": api.SEED if self.seed is None else self.seed}

    def options(self) -> dict[str, Any]:
        """What was asked, for the envelope of the answer."""
        return asdict(self)


class _Draws(click.IntRange):
    """A number of draws, which `--uncertainty` takes only behind an equals sign or a space."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a formula in its place was not meant for the option."""
        try:
            return int(super().convert(value, param, ctx))
        except click.UsageError:
            if str(value).strip().lstrip("+-").replace(".", "").isdigit():
                raise
            self.fail(
                f"{value!r} is no number of draws; write --uncertainty={_DRAWS} {value}, or put "
                "--uncertainty last",
                param,
                ctx,
            )


def error_bar_options(function: F) -> F:
    """Give a command the options of error bars, as one argument `error_bars`."""

    @click.option(
        "--uncertainty",
        "draws",
        type=_Draws(min=1, max=_MOST_DRAWS),
        is_flag=False,
        flag_value=_DRAWS,
        metavar="[N]",
        help="Error bars from N Monte Carlo draws (200) of the energies: compounds of a class are "
        "off together, by the class's error against measurement.",
    )
    @click.option(
        "--seed",
        type=click.IntRange(min=0, max=2**63 - 1),
        help="Seed of the draws: the same seed gives the same numbers.",
    )
    @click.option(
        "--energy-error",
        type=FiniteFloat(min=0.0),
        metavar="X",
        help="Draw one independent error of X eV/atom for every compound (0.02 is the scatter of "
        "reactions between oxides) in place of errors by class.",
    )
    @functools.wraps(function)
    def command(
        draws: int | None, seed: int | None, energy_error: float | None, **values: Any
    ) -> Any:
        if draws is None:
            for flag, given in (("--seed", seed), ("--energy-error", energy_error)):
                if given is not None:
                    raise click.UsageError(f"{flag} goes with --uncertainty")
        return function(error_bars=ErrorBars(draws, seed, energy_error), **values)

    return cast(F, command)
