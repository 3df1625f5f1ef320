"""Collect every text of the windows and make their translation files: ``python -m tests.translations [--check]``.

Reads the sources: the texts given to ``tr`` and ``say``, the tables these are given entries of, and the words of every
`Action`. Writes ``attune_en.ts`` (the template), brings every other ``attune_*.ts`` up to date without losing what is
translated, and makes the ``.qm`` files the windows load. With ``--check`` it writes nothing and fails if it would.
"""

import argparse
import ast
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
VIEWS = ROOT / "monitor" / "views"
FOLDER = VIEWS / "translations"
TEMPLATE = "attune_en.ts"
CONTEXT = "attune"
TRANSLATING = ("tr", "say")
ACTIONS = ("Action", "_action")

BY_VARIABLE = (
    ("monitor.board.gate", "REASON_WORDS"),
    ("monitor.board.gate", "HOLD_WORDS"),
    ("monitor.board.synchrony", "SAME_WORDS"),
    ("monitor.board.synchrony", "ZERO_WORDS"),
    ("monitor.views.bands.words", "CERTAINTY"),
    ("monitor.views.words", "MARKERS"),
    ("monitor.views.words", "FACE_NAMES"),
    ("monitor.views.plane.words", "CORNERS"),
    ("monitor.views.calibrate.keys", "KEYS"),
    ("monitor.views.calibrate.words", "PHASES"),
    ("monitor.views.calibrate.words", "BREATH_IN"),
    ("monitor.views.calibrate.words", "BREATH_OUT"),
)
"""Tables whose entries reach ``tr`` by way of a snapshot or a function; tests/gui/test_translated.py finds others."""

BY_VARIABLE_ALONE = ("own note, see window.toml",)


class Source(NamedTuple):
    """A module: its tables and where its names come from."""

    tree: ast.Module
    tables: dict[str, ast.expr]
    imported: dict[str, tuple[str, str]]


@cache
def source_of(module: str) -> Source | None:
    """Read a module of the monitor; None for any other."""
    path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
    if not module.startswith("monitor.") or not path.is_file():
        return None
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tables: dict[str, ast.expr] = {}
    imported: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            tables[node.target.id] = node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                tables.update(_assigned(target, node.value))
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.update({a.asname or a.name: (node.module, a.name) for a in node.names})
    return Source(tree, tables, imported)


def _assigned(target: ast.expr, value: ast.expr) -> dict[str, ast.expr]:
    if isinstance(target, ast.Name):
        return {target.id: value}
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=True)
        return {t.id: v for t, v in pairs if isinstance(t, ast.Name)}
    return {}


def table_texts(module: str, name: str) -> list[str]:
    """Return every text in a table of a module, wherever it is imported from; keys are none."""
    source = source_of(module)
    if source is None:
        return []
    if name in source.tables:
        return list(_texts_in(source.tables[name], module))
    return table_texts(*source.imported[name]) if name in source.imported else []


def _texts_in(node: ast.expr, module: str) -> Iterator[str]:
    """Walk the values of an expression; of a dictionary not its keys, of a call all that is given to it."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Dict():
            for value in node.values:
                yield from _texts_in(value, module)
        case ast.List() | ast.Tuple() | ast.Set():
            for value in node.elts:
                yield from _texts_in(value, module)
        case ast.Call():
            for value in (*node.args, *(k.value for k in node.keywords)):
                yield from _texts_in(value, module)
        case ast.IfExp():
            yield from _texts_in(node.body, module)
            yield from _texts_in(node.orelse, module)
        case ast.BinOp():
            yield from _texts_in(node.left, module)
            yield from _texts_in(node.right, module)
        case ast.DictComp():
            yield from _texts_in(node.value, module)
        case ast.Name(id=name) if name.isupper():
            yield from table_texts(module, name)


def _named(node: ast.expr) -> Iterator[str]:
    """Return the tables an expression takes entries of; what chooses the entry is none."""
    match node:
        case ast.Name(id=name) if name.isupper():
            yield name
        case ast.Subscript():
            yield from _named(node.value)
        case ast.Call(func=ast.Attribute(value=table)):
            for part in (table, *node.args[1:]):
                yield from _named(part)
        case ast.IfExp():
            yield from (*_named(node.body), *_named(node.orelse))
        case ast.BoolOp():
            for value in node.values:
                yield from _named(value)


def _chosen(node: ast.expr) -> Iterator[str]:
    """Return the texts an expression may be, as far as they stand in it."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _chosen(node.body)
            yield from _chosen(node.orelse)
        case ast.BoolOp():
            for value in node.values:
                yield from _chosen(value)
        case ast.NamedExpr():
            yield from _chosen(node.value)
        case (
            ast.Subscript(value=ast.Dict() as table) | ast.Call(func=ast.Attribute(value=ast.Dict() as table))
        ):
            for value in table.values:
                yield from _chosen(value)


def _local(tree: ast.Module, node: ast.expr) -> ast.expr:
    """Return what a variable of a function was given, as far as it stands there."""
    if not isinstance(node, ast.Name) or node.id.isupper():
        return node
    for part in ast.walk(tree):
        if isinstance(part, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == node.id for t in part.targets
        ):
            return part.value
        if (
            isinstance(part, ast.AnnAssign)
            and isinstance(part.target, ast.Name)
            and part.target.id == node.id
        ):
            return part.value or node
    return node


def _looped(tree: ast.Module, name: str, module: str) -> Iterator[str]:
    """Return the texts a variable takes one after the other in the loops of a module."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.For | ast.comprehension):
            continue
        parts = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
        place = next((i for i, p in enumerate(parts) if isinstance(p, ast.Name) and p.id == name), None)
        if place is None:
            continue
        over = _local(tree, node.iter)
        if isinstance(over, ast.Tuple | ast.List):
            for item in over.elts:
                entry = item.elts[place] if isinstance(item, ast.Tuple) and len(parts) > 1 else item
                yield from _chosen(entry)
        for table in _named(node.iter):
            yield from table_texts(module, table)


def module_texts(module: str) -> Iterator[str]:
    """Return every text a module has translated."""
    source = source_of(module)
    if source is None:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called in TRANSLATING:
            given: Iterable[ast.expr] = node.args[:1]
        elif called in ACTIONS:
            given = [*node.args[1:2], *node.args[3:4]]
        else:
            continue
        for argument in given:
            yield from _chosen(argument)
            for name in _named(argument):
                yield from table_texts(module, name)
            if isinstance(argument, ast.Name) and argument.id.islower():
                yield from _looped(source.tree, argument.id, module)


def modules() -> list[str]:
    """Return the modules of the views."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted(VIEWS.rglob("*.py"))
    ]


def collected() -> list[str]:
    """Return every text there is to translate, in alphabetical order."""
    found = {text for module in modules() for text in module_texts(module)}
    found |= {text for module, name in BY_VARIABLE for text in table_texts(module, name)}
    found |= {*protocol_texts(), *BY_VARIABLE_ALONE}
    return sorted(text for text in found if len(text) > 1 and any(c.isalpha() for c in text))


def protocol_texts() -> Iterator[str]:
    """Return what the guided calibration says: the protocols that come with it are translated too."""
    for path in sorted((ROOT / "calibration" / "protocols").glob("*.toml")):
        protocol = tomllib.loads(path.read_text(encoding="utf-8"))
        for part in (protocol, *protocol["steps"]):
            yield from (part[key] for key in ("title", "instruction") if key in part)


def translations_in(path: Path) -> dict[str, str]:
    """Read what a file translates."""
    if not path.is_file():
        return {}
    found = {}
    # The files are our own, and written by this module.
    for message in ET.parse(path).getroot().iter("message"):
        source, translation = message.findtext("source"), message.find("translation")
        if source and translation is not None and translation.text:
            found[source] = translation.text
    return found


def written(texts: Iterable[str], language: str, known: dict[str, str]) -> str:
    """Write a translation file; what is not translated is marked as unfinished."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in texts:
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        if known.get(text):
            translation.text = known[text]
        else:
            translation.set("type", "unfinished")
    ET.indent(root, " ")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    return head + ET.tostring(root, encoding="unicode") + "\n"


def release(path: Path, out: Path) -> None:
    """Make the file a window loads."""
    import PySide6

    suffix = ".exe" if sys.platform == "win32" else ""
    tool = Path(PySide6.__file__).parent / f"lrelease{suffix}"
    subprocess.run([str(tool), "-silent", str(path), "-qm", str(out)], check=True)


def main(arguments: list[str] | None = None) -> int:
    """Bring the files up to date, or say which are not."""
    parser = argparse.ArgumentParser(prog="tests.translations", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something would change")
    parser.add_argument("--language", help="also begin a file for this language, such as fr")
    options = parser.parse_args(arguments)
    texts = collected()
    paths = {*FOLDER.glob("attune_*.ts"), FOLDER / TEMPLATE}
    paths |= {FOLDER / f"attune_{options.language}.ts"} if options.language else set()
    stale = 0
    for path in sorted(paths):
        known = {} if path.name == TEMPLATE else translations_in(path)
        text = written(texts, path.stem.removeprefix("attune_"), known)
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        lost = sorted(set(known) - set(texts))
        sys.stdout.write(
            f"{path.name}: {len(known)} of {len(texts)} translated, {len(lost)} no longer used\n"
        )
        stale += text != old
        if not options.check:
            path.write_text(text, encoding="utf-8")
            if path.name != TEMPLATE:
                release(path, path.with_suffix(".qm"))
    return int(options.check and stale > 0)


if __name__ == "__main__":
    sys.exit(main())
