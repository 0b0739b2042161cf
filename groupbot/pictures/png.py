"""A sheet as PNG, by matplotlib: its figures and the fonts that it brings, never its state (pyplot) nor a window."""

from __future__ import annotations

import io
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from groupbot.pictures.sheet import PAPER, Box, Line, Sheet, Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 100
POINTS = 72 / DPI  # of one pixel
COLOURS = 64  # of the file: plenty for a few flat colours with smooth edges, and a third of the bytes
FONTS = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
ALIGN = {"start": "left", "middle": "center", "end": "right"}


class NoPictures(Exception):
    """The extra `reports` is not installed."""


def installed() -> bool:
    """Whether the extra `reports` is installed, without loading it."""
    return all(find_spec(name) is not None for name in ("matplotlib", "PIL"))


def drawn(sheet: Sheet) -> bytes:
    """The sheet as a PNG file, in one thread at a time; the same sheet gives the same bytes. Raises NoPictures."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D
        from PIL import Image
    except ImportError as error:
        raise NoPictures("pictures need the extra 'reports': pip install 'groupbot[reports]'") from error
    figure = Figure(figsize=(sheet.width / DPI, sheet.height / DPI), dpi=DPI, facecolor=PAPER)
    canvas: Any = FigureCanvasAgg(figure)
    down = Affine2D().scale(1, -1).translate(0, sheet.height)
    for mark in sheet.marks:
        _DRAW[type(mark)](figure, mark, down)
    canvas.draw()
    image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _box(figure: Figure, box: Box, down: Any) -> None:
    from matplotlib.patches import Rectangle

    patch = Rectangle((box.x, box.y), box.width, box.height, facecolor=box.colour, edgecolor="none", transform=down)
    figure.add_artist(patch)


def _line(figure: Figure, line: Line, down: Any) -> None:
    from matplotlib.lines import Line2D

    across, along = [x for x, _ in line.points], [y for _, y in line.points]
    dashes: Any = (0, (4, 2)) if line.dashed else "solid"
    look = {"color": line.colour, "linewidth": line.width * POINTS, "linestyle": dashes, "solid_joinstyle": "round"}
    figure.add_artist(Line2D(across, along, transform=down, **look))


def _words(figure: Figure, words: Words, down: Any) -> None:
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties

    font = FontProperties(fname=f"{get_data_path()}/fonts/ttf/{FONTS[words.bold]}", size=words.size * POINTS)
    x, y = down.transform((words.x, words.y))
    figure.text(
        x / figure.bbox.width,
        y / figure.bbox.height,
        words.text,
        fontproperties=font,
        color=words.colour,
        horizontalalignment=ALIGN[words.anchor],
        verticalalignment="baseline",
        parse_math=False,
    )


_DRAW: dict[type, Callable[[Figure, Any, Any], None]] = {Box: _box, Line: _line, Words: _words}
