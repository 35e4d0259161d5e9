"""Cells of tables that span others: kept within what their table has room for (HTML, 4.9.12)."""

from collections import defaultdict

from editorial.richtext.document import Block


def fit_spans(*parts: list[Block]):
    """
    Let no cell of the rows reach below its part of the table, or over a cell from above.

    A column in which no cell begins, as Word makes them, is none.
    """
    for rows in parts:
        for left, row in zip(range(len(rows), 0, -1), rows, strict=True):
            for cell in row.blocks:
                span(cell, "rowspan", min(size(cell, "rowspan"), left))
    placed = list(placed_cells([row for rows in parts for row in rows]))
    begun = {column for _cell, column, _width in placed}
    for cell, column, width in placed:
        span(cell, "colspan", len(begun.intersection(range(column, column + width))))


def placed_cells(rows):
    """Each cell with its column and the number of columns that it has room for."""
    free = defaultdict(int)  # By column, the first row that no cell from above reaches.
    for number, row in enumerate(rows):
        column = 0
        for cell in row.blocks:
            while free[column] > number:
                column += 1
            widest = size(cell, "colspan")
            stops = (width for width in range(1, widest) if free[column + width] > number)
            width = next(stops, widest)
            for each in range(column, column + width):
                free[each] = number + size(cell, "rowspan")
            yield cell, column, width
            column += width


def size(cell, name) -> int:
    return int(cell.attributes.get(name, 1))


def span(cell, name, count):
    cell.attributes.pop(name, None)
    if count > 1:
        cell.attributes[name] = str(count)
