"""What every answer can do in Python, once for all questions.

A question has a class: the record of its result, with :class:`Shown` in front. It says how its
rows, its table and its plot are made; everything else is here. Several results of one question are
:class:`Answers`, a tuple that can do the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar, cast

from ..core.errors import OutputError
from ..results.rows import Row, origin_row

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from rich.console import RenderableType

__all__ = ["Answers", "Shown", "as_shown", "one_by_one"]

P = ParamSpec("P")
S = TypeVar("S", bound="Shown")


class _Answer:
    """What one result and several have in common."""

    __slots__ = ()

    def _kind_and_parts(self) -> tuple[type[Shown] | None, Sequence[Any]]:
        raise NotImplementedError

    def rows(self) -> list[Row]:
        """Flat rows with the columns of the CSV output, and where their energies come from.

        Returns
        -------
        list of dict
        """
        kind, parts = self._kind_and_parts()
        if kind is None:
            return []
        found: list[Row] = []
        for part in parts:
            dataset = getattr(part, "dataset", None)
            origin = {} if dataset is None else origin_row(dataset.to_dict())
            found += [{**row, **origin} for row in kind._rows(part)]
        return found

    def to_frame(self) -> pd.DataFrame:
        """The rows as a pandas data frame: a missing number is NaN, a missing word None.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        OutputError
            Without pandas.
        """
        try:
            import pandas as pd
        except ImportError:
            raise OutputError("to_frame() needs the package pandas: pip install pandas") from None
        return pd.DataFrame(self.rows())

    def plot(self, ax: Axes | None = None) -> Axes:
        """A plain drawing on axes of one's own, as one's rcParams have it.

        The pictures of a paper are made by the command line, see the gallery.

        Parameters
        ----------
        ax : matplotlib Axes, optional
            A new figure if left out.

        Returns
        -------
        matplotlib Axes
        """
        kind, parts = self._kind_and_parts()
        if kind is None:
            raise OutputError("no results: nothing to plot")
        if ax is None:
            from matplotlib import pyplot

            _, ax = pyplot.subplots()
        kind._draw(ax, parts)
        return ax

    def _repr_html_(self) -> str:
        from ..terminal import html_of

        kind, parts = self._kind_and_parts()
        return html_of([] if kind is None else kind._tables(parts))


class Shown(_Answer):
    """Puts the shows of an answer before the class of its record.

    A class made with it says how its results are shown: :meth:`_rows`, :meth:`_tables`,
    :meth:`_draw`, and in a few words :meth:`_said`.
    """

    __slots__ = ()

    @classmethod
    def of(cls, record: Any) -> Self:
        """The same record, as this class."""
        made = object.__new__(cls)
        for field in dataclasses.fields(record):
            object.__setattr__(made, field.name, getattr(record, field.name))
        return made

    @staticmethod
    def _rows(part: Any) -> list[Row]:
        raise NotImplementedError

    @staticmethod
    def _tables(parts: Sequence[Any]) -> list[RenderableType]:
        raise NotImplementedError

    @staticmethod
    def _draw(ax: Axes, parts: Sequence[Any]) -> None:
        raise NotImplementedError

    def _said(self) -> str:
        raise NotImplementedError

    def _kind_and_parts(self) -> tuple[type[Shown] | None, Sequence[Any]]:
        return type(self), [self]

    def __repr__(self) -> str:
        dataset = getattr(self, "dataset", None)
        behind = "" if dataset is None else f" [{dataset.name}]"
        return f"<{type(self).__name__} {self._said()}{behind}>"


class Answers(_Answer, tuple[S, ...]):
    """Several results of one question."""

    __slots__ = ()

    def _kind_and_parts(self) -> tuple[type[Shown] | None, Sequence[Any]]:
        return (type(self[0]) if self else None), self

    def to_dict(self) -> list[dict[str, Any]]:
        """The records of the JSON output, one for each result.

        Returns
        -------
        list of dict
        """
        return [cast(Any, each).to_dict() for each in self]

    def __repr__(self) -> str:
        if not self:
            return "<Answers: none>"
        shown = [repr(each) for each in self[:10]]
        more = [f"... and {len(self) - 10} more"] if len(self) > 10 else []
        return f"<{len(self)} answers:\n  " + "\n  ".join([*shown, *more]) + ">"


def one_by_one(kind: type[S], ask: Callable[P, Sequence[Any]]) -> Callable[P, Answers[S]]:
    """A question that has several results, each shown as a class has it."""

    def asked(*args: P.args, **kwargs: P.kwargs) -> Answers[S]:
        return Answers(kind.of(each) for each in ask(*args, **kwargs))

    return _like(asked, ask)


def as_shown(kind: type[S], ask: Callable[P, Any]) -> Callable[P, S]:
    """A question that has one result, shown as a class has it."""

    def asked(*args: P.args, **kwargs: P.kwargs) -> S:
        return kind.of(ask(*args, **kwargs))

    return _like(asked, ask)


def _like(asked: Callable[P, Any], ask: Callable[P, Any]) -> Callable[P, Any]:
    """Name, signature and help of the question, whose examples are run where it is defined."""
    asked.__name__, asked.__qualname__ = ask.__name__, ask.__qualname__
    asked.__doc__ = ask.__doc__
    asked.__annotations__ = ask.__annotations__
    cast(Any, asked).__wrapped__ = ask
    return asked
