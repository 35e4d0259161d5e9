"""
The files of a content folder: YAML 1.1, with or without a text below it.

All scalars are text here; what they mean is for the field to say. So ``no`` is a word, ``2024-06``
a month and ``007`` keeps its zeros, with no quotation marks around them.
"""

from pathlib import Path

import yaml

FENCE = "---\n"


class Record(dict):
    """A mapping read from a file; ``lines`` holds the line (from 1) on which each name stands."""

    def __init__(self, line):
        super().__init__()
        self.line = line
        self.lines = {}


class Malformed(Exception):
    def __init__(self, line, sentence):
        self.line = line
        super().__init__(sentence)


class Piece:
    """
    A file, what it says, and the object that comes of it.

    ``later`` and ``related`` are what refers to objects of the same kind that are yet to be made:
    names of columns with the key that they hold, and names of relations.
    """

    def __init__(self, layout, path, name, values):
        self.layout, self.path, self.name, self.values = layout, path, name, values
        self.key = layout.key_from(path.stem)
        self.obj = None
        self.was_approved = False
        self.later = {}
        self.related = []

    def before(self) -> list[str]:
        """The keys of the objects of its own kind without which its columns are not complete."""
        names = [each for each in self.layout.columns if self.is_of_its_kind(each)]
        return [key for name in names if isinstance(key := self.values.get(name), str)]

    def is_of_its_kind(self, name):
        return self.layout.get(name).related_model is self.layout.model


def in_order(pieces: list[Piece]) -> list[Piece]:
    """Each after those of its kind that it refers to, as far as they do not refer to each other."""
    known = {(piece.layout.model, piece.key): piece for piece in pieces}
    seen, ordered = set(), {}
    for piece in pieces:
        stack = [piece]
        while stack:
            top = stack[-1]
            seen.add(top)
            others = [known.get((top.layout.model, key)) for key in top.before()]
            missing = [other for other in others if other and other not in seen]
            stack.extend(missing)
            if not missing:
                ordered[stack.pop()] = None
    return list(ordered)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    yaml_implicit_resolvers = {}

    def ignore_aliases(self, data):
        return True


def _text(dumper, value):
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def write(path: Path, values: dict, text: str | None = None):
    """Write a file, always the same bytes; ``values`` hold strings, lists and dicts only."""
    head = yaml.dump(
        values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100, line_break="\n"
    )
    if text is not None:
        head = f"{FENCE}{head}{FENCE}{text}" + ("\n" if text else "")
    path.write_bytes(head.encode())


def read(path: Path, *, has_text: bool) -> tuple[Record, str]:
    """Return the values of a file and the text below them. Raises ``Malformed`` with a line."""
    try:
        content = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Malformed(line, "this is not UTF-8: save the file in that encoding.") from None
    if not has_text:
        return parse(content, first_line=1), ""
    content = content.replace("\r\n", "\n")
    if not content.startswith(FENCE) or f"\n{FENCE}" not in content[3:] + "\n":
        raise Malformed(1, "the values must stand between two lines of three dashes.")
    head, _, text = content[len(FENCE) - 1 :].partition(f"\n{FENCE.rstrip()}")
    return parse(head, first_line=1), text.removeprefix("\n").removesuffix("\n")


def parse(content: str, *, first_line: int) -> Record:
    """Read a YAML mapping. Raises ``Malformed``."""
    try:
        node = yaml.compose(content, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise Malformed(line, f"this is not YAML: {getattr(error, 'problem', error)}.") from None
    except RecursionError:
        raise Malformed(first_line, "this is nested too deeply.") from None
    if node is None:
        return Record(first_line)
    if not isinstance(node, yaml.MappingNode):
        raise Malformed(first_line, "names and values are expected, such as “title: …”.")
    return _build(node, first_line, set())


def _build(node, first_line, seen):
    line = first_line + node.start_mark.line
    if id(node) in seen:
        raise Malformed(line, "anchors and aliases (& and *) are not read here.")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, first_line, seen) for item in node.value]
    record = Record(line)
    for name, value in node.value:
        at = first_line + name.start_mark.line
        if not isinstance(name, yaml.ScalarNode) or name.value in record:
            raise Malformed(at, "every name stands once, and is a word.")
        record[name.value] = _build(value, first_line, seen)
        record.lines[name.value] = at
    return record
