"""Three kinds of charts as SVG text: lines, a matrix and reliability bars.

Written here because that takes a page, is the same bytes on every machine and opens in any browser, while matplotlib
would be a package that the job's image, which cannot install any, may not have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 560, 300, 64, 44, 34, 150
COLOURS = ("#1f5fa8", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#475569")


def lines(title: str, x_label: str, series: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """One line per name; points are (x, y). Both axes fit the data, y starts at 0."""
    points = [point for line in series.values() for point in line]
    low, high = min((x for x, _ in points), default=0.0), max((x for x, _ in points), default=1.0)
    top = max((y for _, y in points), default=1.0) or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - low) / (high - low) if high > low else 0.5
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM)

    parts = [_frame(x_label, f"{low:g}", f"{high:g}", f"{top:.3g}")]
    for number, (name, line) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        placed = [place(x, y) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{path}"/>')
        parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in placed)
        parts.append(_text(WIDTH - RIGHT + 10, TOP + 14 + 18 * number, name, fill=colour))
    return _document(title, WIDTH, HEIGHT, parts)


def reliability(title: str, bins: Sequence[tuple[float, float, float | None, float | None, int]]) -> str:
    """Accuracy over confidence. A bin is (low, high, mean confidence, accuracy, images); the diagonal is perfect."""
    span, rise = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    base = HEIGHT - BOTTOM
    parts = [_frame("confidence", "0", "1", "1")]
    for low, high, confidence, accuracy, images in bins:
        if confidence is None or accuracy is None:
            continue
        x, width, height = LEFT + low * span, (high - low) * span - 1, accuracy * rise
        told = f"{images} images: confidence {confidence:.3f}, accuracy {accuracy:.3f}"
        parts.append(
            f'<rect x="{x:.1f}" y="{base - height:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{COLOURS[0]}" fill-opacity="0.7"><title>{told}</title></rect>'
        )
    parts.append(f'<path d="M{LEFT} {base} L{LEFT + span} {TOP}" stroke="#475569" stroke-dasharray="4 4"/>')
    parts.append(_text(WIDTH - RIGHT + 10, TOP + 14, "accuracy", fill=COLOURS[0]))
    return _document(title, WIDTH, HEIGHT, parts)


def matrix(title: str, names: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
    """Counts, true class down and predicted class across; the darker, the larger the share of its row."""
    cell = 24 if len(names) <= 20 else 6
    margin = 150 if len(names) <= 20 else 30
    parts = []
    for down, row in enumerate(rows):
        total = sum(row) or 1
        for across, count in enumerate(row):
            if count == 0 and across != down:
                continue
            told = escape(f"{names[down]} seen as {names[across]}: {count}")
            parts.append(
                f'<rect x="{margin + across * cell}" y="{TOP + down * cell}" width="{cell - 1}" height="{cell - 1}" '
                f'fill="{COLOURS[0]}" fill-opacity="{max(0.06, count / total):.2f}"><title>{told}</title></rect>'
            )
            if cell > 6 and count:
                place = (margin + across * cell + cell / 2, TOP + down * cell + 15)
                colour = "#fff" if count / total > 0.5 else "#111"
                parts.append(_text(*place, str(count), anchor="middle", fill=colour))
        if cell > 6:
            parts.append(_text(margin - 6, TOP + down * cell + 15, names[down][:22], anchor="end"))
    side = cell * len(names)
    parts.append(_text(margin, TOP + side + 20, "predicted class, in the order of the rows"))
    return _document(title, margin + max(side + 20, 260), TOP + side + 34, parts)


def _frame(x_label: str, low: str, high: str, top: str) -> str:
    right, base = WIDTH - RIGHT, HEIGHT - BOTTOM
    return "".join(
        [
            f'<path d="M{LEFT} {TOP} V{base} H{right}" fill="none" stroke="#475569"/>',
            _text(LEFT - 6, TOP + 5, top, anchor="end"),
            _text(LEFT - 6, base, "0", anchor="end"),
            _text(LEFT, base + 16, low, anchor="middle"),
            _text(right, base + 16, high, anchor="middle"),
            _text((LEFT + right) / 2, base + 34, x_label, anchor="middle"),
        ]
    )


def _text(x: float, y: float, text: str, anchor: str = "start", fill: str = "#111") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'


def _document(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{_text(12, 20, title)}{"".join(parts)}</svg>\n'
    )
