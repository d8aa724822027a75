"""A picture on its sheet: sizes in inches, house style, caption of provenance, file formats.

Matplotlib is used through its objects alone (no pyplot), so that nothing is kept between pictures,
and is imported only when a picture is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from ..core.errors import OutputError
from ..core.files import check_writable, replacing
from ..results.answers import Provenance
from ..results.records import program_version
from .style import DOUBLE, Style
from .typography import plain_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text


__all__ = [
    "FORMATS",
    "Sheet",
    "caption_of",
    "check_axis",
    "figure",
    "house_style",
    "ready",
]

P = ParamSpec("P")

FORMATS = (".png", ".svg", ".pdf")

# Okabe, Ito, "Color Universal Design" 2008: told apart by every kind of colour vision, and
# in this order of lightness still in grey.
REDUCTION = "#0072B2"
OXIDATION = "#D55E00"
STABLE = "#00795A"
STABLE_FILL = "#D9EFE6"
WINDOW_FILL = "#86CBB0"
CATHODE, ANODE = "#E69F00", "#56B4E9"
INK = "#1A1A1A"
FAINT = "#6E6E6E"
RULE = "#B5B5B5"

_CAPTION_PT = 5.0
_TITLE_PT = 7.0
_TITLE_ROOM = 0.2
_FALLBACKS = "'DejaVu Sans', Verdana, Arial, sans-serif"
_LINE_SPACING = 1.25

_STYLE: dict[Any, Any] = {
    # DejaVu Sans comes with matplotlib, so that a picture is the same on every machine; the others
    # stand in where an SVG is opened without it.
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "mathtext.fontset": "dejavusans",
    "font.size": 6.5,
    "text.color": INK,
    "text.hinting": "no_hinting",
    "axes.linewidth": 0.6,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 7.0,
    "axes.labelpad": 2.5,
    "axes.unicode_minus": True,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "hatch.linewidth": 0.5,
    "lines.solid_capstyle": "butt",
    "svg.fonttype": "none",
    "svg.hashsalt": "sse-window",
    "pdf.fonttype": 42,
}


@contextmanager
def house_style(style: Style = DOUBLE) -> Iterator[None]:
    """Matplotlib as the pictures want it, whatever the user's own settings; undone at the end.

    Raises
    ------
    OutputError
        If the font that is asked for is not on this machine, or a file of settings is none.
    """
    try:
        import matplotlib as mpl
    except (ValueError, OSError) as error:
        # A file of settings in this folder, or that a variable names, is read before all else.
        reason = " ".join(str(error).split())
        raise OutputError(
            f"matplotlib does not start with its settings: {reason:.200}; mend or remove the file "
            "matplotlibrc in this folder, or what MATPLOTLIBRC names"
        ) from None

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        if style.font is not None:
            from matplotlib import font_manager

            try:
                font_manager.findfont(style.font, fallback_to_default=False)
            except ValueError:
                raise OutputError(f"no font {style.font!r} on this machine: install it") from None
            mpl.rcParams["font.sans-serif"] = [style.font, *_STYLE["font.sans-serif"]]
        yield


def figure(build: Callable[P, Sheet]) -> Callable[P, Sheet]:
    """A picture is put together, as it is saved, in the house style and that of its `style`."""

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> Sheet:
        style = kwargs.get("style")
        with house_style(style if isinstance(style, Style) else DOUBLE):
            return build(*args, **kwargs)

    return built


def ready(path: str | Path, formats: tuple[str, ...] = FORMATS) -> Path:
    """The path, once it is known that a file of this format can be written.

    Raises
    ------
    OutputError
    """
    path = Path(path)
    check_writable(path, formats)
    return path


def check_axis(voltage_max_V: float | None) -> None:
    """Make sure that a voltage axis asked for can be drawn.

    Raises
    ------
    OutputError
    """
    if voltage_max_V is not None and not 0.0 < voltage_max_V < float("inf"):
        raise OutputError(f"no voltage axis up to {voltage_max_V:g} V: give a number above 0")


def caption_of(datasets: Sequence[Provenance], options: Mapping[str, Any] | None = None) -> str:
    """Where the numbers of a picture come from, in one line.

    Examples
    --------
    >>> mp = Provenance("mp", "2025", "MP2020", "0123456789abcdef")
    >>> caption_of([mp, mp], {"ion": "Na"}).replace(program_version(), "1.0")
    'Data: mp, 2025, MP2020, sha256 0123456789ab. sse-window 1.0; ion Na.'
    """
    sources = []
    for dataset in dict.fromkeys(datasets):
        sha = f"sha256 {dataset.sha256[:12]}" if dataset.sha256 else ""
        parts = (dataset.name, dataset.date, dataset.corrections, *dataset.additions, sha)
        sources.append(", ".join(part for part in parts if part))
    chosen = [f"{key.replace('_', ' ')} {value}" for key, value in (options or {}).items()]
    program = "; ".join([f"sse-window {program_version()}", *chosen])
    data = f"Data: {'; '.join(sources)}. " if sources else ""
    return f"{data}{program}."


class Sheet:
    """A figure measured in inches from its lower left corner.

    Parameters
    ----------
    style : Style
        Width, font, and what is written around the picture.
    title : str
        For the metadata of the file, as plain text.
    datasets : sequence of Provenance
        Where the numbers come from.
    options : mapping, optional
        Options that shaped the result.
    note : str
        What the reader has to know of this picture; stands before the provenance.
    """

    def __init__(
        self,
        style: Style,
        title: str,
        datasets: Sequence[Provenance],
        options: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.style = style
        self.width = style.width_in
        self.title = title
        self.caption = f"{note.strip()} {caption_of(datasets, options)}".strip()
        self.figure = Figure(figsize=(self.width, self.width), dpi=style.dpi)
        FigureCanvasAgg(self.figure)  # measures text; the format decides what draws
        self._titles: dict[str, str] = {}
        words = plain_text(self.caption).split(" ")
        self._caption_lines = (
            self.wrap(words, self.width - 0.12, _CAPTION_PT) if style.caption else []
        )
        self.bottom = 0.05 + len(self._caption_lines) * self.line_height(_CAPTION_PT) + 0.03
        """Height that the caption takes [inch]."""

    def set_height(self, height: float, *, headed: bool = True) -> None:
        """Fix the height [inch], and write the caption at the foot.

        A picture without a heading of its own, `headed` False, gets room on top for the title that
        was asked for.
        """
        self.height = height
        if not headed and self.style.title:
            self.height += _TITLE_ROOM
        self.figure.set_size_inches(self.width, self.height)
        if not headed and self.style.title:
            title = plain_text(self.style.title)
            size = self.fitting_size(title, _TITLE_PT, self.width - 0.12)
            self.text(0.06, self.height - 0.15, title, size, gid="title")
        line = self.line_height(_CAPTION_PT)
        for i, text in enumerate(reversed(self._caption_lines)):
            self.text(0.06, 0.05 + i * line, text, _CAPTION_PT, color=FAINT, gid=f"caption-{i}")

    def axes(self, left: float, bottom: float, width: float, height: float, **more: Any) -> Axes:
        """Axes at a place in inches."""
        box = (
            left / self.width, bottom / self.height, width / self.width, height / self.height,
        )  # fmt: skip
        return self.figure.add_axes(box, **more)

    def text(self, x: float, y: float, text: str, size: float, **more: Any) -> Text:
        """One line of text, its baseline at (x, y) inches."""
        style: dict[str, Any] = {"va": "baseline", "ha": "left"} | more
        return self.figure.text(x / self.width, y / self.height, text, fontsize=size, **style)

    def heading(self, text: str) -> str:
        """What stands above the picture: its own heading, or the one asked for."""
        return text if self.style.title is None else plain_text(self.style.title)

    def rule(self, xs: Sequence[float], ys: Sequence[float], **more: Any) -> None:
        """A line through points in inches."""
        from matplotlib.lines import Line2D

        points = [x / self.width for x in xs], [y / self.height for y in ys]
        style: dict[str, Any] = {"color": RULE, "linewidth": 0.4} | more
        self.figure.add_artist(Line2D(*points, transform=self.figure.transFigure, **style))

    def width_of(self, text: str, size: float, weight: str = "normal") -> float:
        """Width of a line of text [inch]."""
        if not text:
            return 0.0
        # Measured where it cannot be seen, and at the size that the file will have.
        artist = self.figure.text(0.0, 0.0, text, fontsize=size, fontweight=weight)
        box = artist.get_window_extent()
        artist.remove()
        return float(box.width) / self.style.dpi

    def fitting_size(self, text: str, size: float, width: float, weight: str = "normal") -> float:
        """Font size [pt], at most `size`, at which a line is no wider than `width` inches."""
        extent = self.width_of(text, size, weight)
        return size if extent <= width else size * width / extent

    @staticmethod
    def line_height(size: float) -> float:
        """Distance of baselines [inch] at a font size [pt], with room for indices."""
        return size / 72.0 * _LINE_SPACING

    def wrap(
        self,
        words: Sequence[str],
        width: float,
        size: float,
        first_indent: float = 0.0,
        weight: str = "normal",
    ) -> list[str]:
        """Words joined by spaces into lines no wider than `width` inches.

        A single word that is wider stands on a line of its own.
        """
        space = self.width_of("n n", size, weight) - self.width_of("nn", size, weight)
        lines: list[list[str]] = [[]]
        used = first_indent
        for word in words:
            extent = self.width_of(word, size, weight)
            if lines[-1] and used + space + extent > width:
                lines.append([])
                used = 0.0
            used += extent + (space if lines[-1] else 0.0)
            lines[-1].append(word)
        return [" ".join(line) for line in lines]

    def describe(self, gid: str, text: str) -> None:
        """Plain text of the artist with this id: its ``<title>`` in an SVG (a tooltip)."""
        self._titles[gid] = text

    def save(self, path: str | Path) -> None:
        """Write the picture in the format of the suffix, whole or not at all.

        Parameters
        ----------
        path : str or Path
            ``.png``, ``.svg`` or ``.pdf``.

        Raises
        ------
        OutputError
            If the file cannot be written there, or in this format.
        """
        path = ready(path)
        kind = path.suffix.lower()
        about = self._metadata(kind)
        with house_style(self.style), replacing(path) as temporary:
            try:
                self.figure.savefig(temporary, format=kind[1:], dpi=self.style.dpi, metadata=about)
            except (ValueError, AttributeError) as error:
                # A date of the surroundings that is none; a full disk met in the midst of a page.
                cause = error.__context__ if isinstance(error.__context__, OSError) else error
                reason = " ".join(str(cause).split())
                raise OutputError(f"cannot write {path}: {reason:.200}") from None
            if kind == ".svg":
                temporary.write_text(self._titled(temporary.read_text("utf-8")), "utf-8")

    def svg(self) -> str:
        """The picture as SVG text."""
        import io

        buffer = io.StringIO()
        with house_style(self.style):
            self.figure.savefig(buffer, format="svg", metadata=self._metadata(".svg"))
        return self._titled(buffer.getvalue())

    def _metadata(self, kind: str) -> dict[str, Any]:
        program = f"sse-window {program_version()}"
        if kind == ".png":
            return {"Title": self.title, "Description": self.caption, "Software": program}
        if kind == ".svg":
            about = {"Title": self.title, "Description": self.caption, "Creator": program}
            return about | {"Date": None}
        about = {"Title": self.title, "Subject": self.caption, "Creator": program}
        return about | {"CreationDate": None}

    def _titled(self, svg: str) -> str:
        # Formulas name only the font they were set in.
        svg = svg.replace("font-family: 'DejaVu Sans';", f"font-family: {_FALLBACKS};")
        # Mathtext puts every glyph of a formula in its place, so that the text of the picture can
        # be read by eye but not searched; the title holds it as one string.
        for gid, title in self._titles.items():
            svg = svg.replace(f'<g id="{gid}">', f'<g id="{gid}"><title>{escape(title)}</title>', 1)
        return svg
