"""The table of events' fields is what the actions log: read from their calls of `tx.log`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from config.paths import ROOT
from util.event_fields import EVENT_FIELDS, FIELD_KINDS, fields_of, types_with
from util.identifiers import EventType
from util.texts import Text

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Call:
    """A call of `tx.log`: where it stands, the types that it may log and the fields that it names."""

    place: str
    types: frozenset[EventType]
    fields: frozenset[str]


@cache
def _trees() -> dict[str, ast.Module]:
    """Return the facades' modules; they are read when the first test needs them, not whenever tests are collected."""
    paths = sorted((ROOT / "facades").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


@cache
def _functions() -> dict[str, Function]:
    return {one.name: one for tree in _trees().values() for one in tree.body if isinstance(one, Function)}


def _assigned(within: ast.AST, name: str) -> list[ast.AST]:
    """Return everything that is assigned to a name within a function or module."""
    return [
        one.value
        for one in ast.walk(within)
        if (isinstance(one, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in one.targets))
        or (isinstance(one, ast.AnnAssign | ast.AugAssign) and isinstance(one.target, ast.Name) and one.target.id == name)
        if one.value is not None
    ]


def _meanings(function: ast.AST, name: str) -> list[ast.AST]:
    """Return what a name may stand for: what the function assigns to it, or a module, whence it may be imported."""
    constants = [value for tree in _trees().values() for top in tree.body if name.isupper() for value in _assigned(top, name)]
    return _assigned(function, name) or constants


def _types(function: ast.AST, node: ast.AST) -> set[EventType]:
    found: set[EventType] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "EventType":
            found.add(EventType[one.attr])
        elif isinstance(one, ast.Name) and one.id != "EventType":
            found |= {kind for value in _meanings(function, one.id) for kind in _types(function, value)}
    return found


def _strings(node: ast.AST) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _names(function: ast.AST, key: ast.AST) -> set[str]:
    """Return the strings that a dictionary's key may be: written there, or looked up in a table of constants."""
    tables = [value for one in ast.walk(key) if isinstance(one, ast.Name) for value in _meanings(function, one.id)]
    values = [value for table in tables if isinstance(table, ast.Dict) for value in table.values]
    return _strings(key) | {name for value in values for name in _strings(value)}


def _keys(function: ast.AST, node: ast.AST) -> set[str]:
    """Return the names that `**node` may pass on."""
    found: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            found |= {name for key in one.keys if key is not None for name in _names(function, key)}
        elif isinstance(one, ast.Call) and isinstance(one.func, ast.Name):
            found |= {word.arg for word in one.keywords if word.arg and one.func.id == "dict"}
            called = _functions().get(one.func.id)
            returns = [] if called is None else [part for part in ast.walk(called) if isinstance(part, ast.Return) and part.value]
            found |= {name for part in returns if part.value for name in _keys(called or function, part.value)}
    if isinstance(node, ast.Name):
        found |= {name for value in _meanings(function, node.id) for name in _keys(function, value)}
    return found


@cache
def _calls() -> tuple[Call, ...]:
    functions = ((path, one) for path, tree in _trees().items() for one in ast.walk(tree) if isinstance(one, Function))
    return tuple(call for path, function in functions for call in _calls_in(path, function))


def _calls_in(path: str, function: Function) -> Iterator[Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "tx.log" and node.args:
            fields = {name for word in node.keywords for name in ([word.arg] if word.arg else _keys(function, word.value))}
            yield Call(f"{path}:{node.lineno}", frozenset(_types(function, node.args[0])), frozenset(fields))


def test_every_type_of_event_has_its_fields_and_every_field_its_kind_and_name() -> None:
    assert set(EVENT_FIELDS) == set(EventType)
    assert {name for fields in EVENT_FIELDS.values() for name in fields} == set(FIELD_KINDS)
    texts = {f"event.field.{name}" for name in FIELD_KINDS} | {f"event.{one.value}.name" for one in EventType}
    assert texts <= {key.value for key in Text}
    assert {key.value for key in Text if key.value.startswith("event.field.")} <= texts


def test_an_action_logs_only_fields_of_the_table() -> None:
    assert _calls()
    for call in _calls():
        assert call.types, f"{call.place}: say in place which types it may be"
        known = {name for event_type in call.types for name in EVENT_FIELDS[event_type]}
        unknown = sorted(call.fields - known)
        assert not unknown, f"{call.place}: add them to util/event_fields.py and data/texts: {unknown}"
        assert call.fields or not known, f"{call.place}: say what happened"


def test_the_table_has_no_field_that_no_action_logs() -> None:
    logged: dict[EventType, set[str]] = {}
    for call in _calls():
        for event_type in call.types:
            logged.setdefault(event_type, set()).update(call.fields)
    wanting = {one.value: sorted(set(EVENT_FIELDS[one]) - fields) for one, fields in logged.items()}
    assert {name: fields for name, fields in wanting.items() if fields} == {}


def test_fields_and_types_are_found_from_either_side() -> None:
    assert fields_of(EventType.QUEUE_OPENED) == ("automatic", "pending")
    assert set(fields_of(None)) == set(FIELD_KINDS)
    assert types_with("automatic") == (EventType.QUEUE_OPENED, EventType.QUEUE_CLOSED)
