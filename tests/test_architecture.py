"""The rules of the house that no tool checks: where SQL may stand, how long things may grow, what must be described."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from litestar.routes import HTTPRoute

from leadconnect.accounts.permissions import Right
from leadconnect.app import litestar_app
from leadconnect.settings import Settings
from leadconnect.web import Declaration, declaration_of

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "leadconnect"

FILE_LINES = 300
TEST_FILE_LINES = 450
FUNCTION_LINES = 40

LONGER_FILES: dict[str, str] = {}
"""Files that may pass their number of lines, each with the reason."""

LONGER_FUNCTIONS: dict[str, str] = {
    "src/leadconnect/seed/generate.py::_lead": "one field of a lead after the other; nothing in it decides anything",
}
"""Functions, as ``path::name``, that may pass `FUNCTION_LINES`, each with the reason."""

SQL_ELSEWHERE: dict[str, str] = {
    "src/leadconnect/leads/changes/choosing.py": "chooses and locks leads by the statements of the list and the search",
}
"""Files that have SQL although they are neither queries nor part of the package `database`, each with the reason."""

WITHOUT_THE_ACCOUNT: dict[str, str] = {
    "leadconnect.auth.queries.PURGE": "background work clears what has expired in all accounts",
    "leadconnect.profile.queries.PURGE_EMAIL_CHANGES": "background work clears what has expired in all accounts",
    "leadconnect.idempotency.queries.PURGE": "background work clears what has expired in all accounts",
    "leadconnect.imports.queries.PURGE": "background work clears what is old in all accounts",
    "leadconnect.notifications.queries.TIME_ZONES": "background work finds out where it is morning",
}
"""Statements on tenants' tables that do not name the account, each with the reason."""

PUBLIC = {
    "POST /api/auth/signup",
    "POST /api/auth/login",
    "POST /api/auth/login/2fa",
    "POST /api/auth/2fa/send-otp",
    "POST /api/auth/2fa/verify-otp",
    "POST /api/auth/refresh",
    "POST /api/auth/forgot-password",
    "POST /api/auth/verify-otp",
    "POST /api/auth/reset-password",
    "POST /api/auth/set-password",
    "POST /api/auth/set-password/user",
    "GET /api/auth/set-password",
    "GET /api/notifications/vapid-public-key",
    "GET /",
    "GET /api",
    "GET /api/docs",
    "GET /api/openapi.json",
    "GET /health/live",
    "GET /health/ready",
}
"""The routes that take anybody."""

FOR_EVERY_CALLER = {
    "POST /api/auth/logout",
    "GET /api/auth/sessions",
    "DELETE /api/auth/sessions",
    "DELETE /api/auth/sessions/{session_id}",
    "POST /api/auth/2fa/enable",
    "POST /api/auth/2fa/disable",
    "GET /api/auth/2fa/status",
    "GET /api/users",
    "GET /api/users/me",
    "GET /api/users/{user_id}",
    "GET /api/profile",
    "PATCH /api/profile",
    "POST /api/profile/confirm-email",
    "DELETE /api/profile/pending-email",
    "POST /api/profile/change-password",
    "POST /api/profile/api-key",
    "DELETE /api/profile/api-key",
    "GET /api/profile/preferences",
    "PUT /api/profile/preferences/notifications",
    "PUT /api/profile/preferences/app",
    "PUT /api/profile/preferences/security",
    "GET /api/leads/sectors",
    "POST /api/leads/sectors",
    "GET /api/notifications",
    "POST /api/notifications/read",
    "POST /api/notifications/subscribe",
    "DELETE /api/notifications/unsubscribe",
    "POST /api/notifications/test",
    "GET /api/notifications/status",
}
"""The routes that need a caller, but no particular right."""

SESSION_ONLY = {
    "POST /api/auth/logout",
    "GET /api/auth/sessions",
    "DELETE /api/auth/sessions",
    "DELETE /api/auth/sessions/{session_id}",
    "POST /api/auth/2fa/enable",
    "POST /api/auth/2fa/disable",
    "GET /api/auth/2fa/status",
    "POST /api/profile/confirm-email",
    "DELETE /api/profile/pending-email",
    "POST /api/profile/change-password",
    "POST /api/profile/api-key",
    "DELETE /api/profile/api-key",
    "PUT /api/profile/preferences/security",
    "GET /api/profile/sub-users",
    "POST /api/profile/sub-users",
    "PATCH /api/profile/sub-users/{user_id}",
    "PATCH /api/profile/sub-users/{user_id}/permissions",
    "POST /api/profile/sub-users/{user_id}/reset-password",
    "DELETE /api/profile/sub-users/{user_id}",
    "POST /api/notifications/subscribe",
    "DELETE /api/notifications/unsubscribe",
}
"""The routes that need a session, for they are about signing in or belong to it: an API key is refused."""

SQL = re.compile(
    r"\s*(select\b.+|insert\s+into\s.+|update\s+\w+\s+set\s.+|delete\s+from\s.+|with\s+\w+\s+as\s*\(.+|set\s+local\s.+"
    r"|create\s+(table|role|index|schema|function)\s.+|alter\s+\w+\s+\w+.+|truncate\s.+|copy\s+\w+.+\s(from|to)\s.+)",
    re.IGNORECASE | re.DOTALL,
)
SQL_NEEDS = re.compile(r"\bfrom\b|\bset\b|\bvalues\b|\bas\b|\$1|\(|\binto\b", re.IGNORECASE)

FORBIDDEN = re.compile(
    "|".join(
        [
            r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b",
            r"\bNotImplemented" + r"Error\b",
            r"#\s*no" + r"qa(?!: [A-Z]+[0-9]+)",
            r"#\s*type:\s*ign" + r"ore(?!\[[a-z-]+)",
            r"(?<![\w.~-])/wo" + r"rk/",
            r"\.\./sha" + r"red\b",
            r"pytest\.mark\.(skip|xfail)\b(?!if)",
        ]
    )
)


@cache
def modules(folder: Path) -> tuple[tuple[str, str, ast.Module], ...]:
    """Return path, text and syntax tree of every Python file below `folder`, the path as from the root."""
    found = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append((path.relative_to(ROOT).as_posix(), text, ast.parse(text)))
    return tuple(found)


def code() -> tuple[tuple[str, str, ast.Module], ...]:
    """Return the product's modules and those of the tests."""
    return modules(SOURCE) + modules(ROOT / "tests")


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield every function of `tree`, nested ones too, with its dotted name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
        name = getattr(node, "name", None) if isinstance(node, ast.ClassDef | ast.FunctionDef) else None
        yield from functions(node, f"{prefix}{name}." if isinstance(name, str) else prefix)


def docstrings(tree: ast.Module) -> set[int]:
    """Return the ids of the constants in `tree` that describe code: strings that stand alone."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string in `tree` that is no docstring; of an f-string its constant parts as one."""
    prose = docstrings(tree)
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            parts = [str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values]
            yield node.lineno, "".join(parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose | inside:
            yield node.lineno, node.value


def looks_like_sql(text: str) -> bool:
    """Tell whether `text` is a statement, and not a sentence that begins with the same verb."""
    return SQL.fullmatch(text) is not None and SQL_NEEDS.search(text) is not None


def may_hold_sql(path: str) -> bool:
    """Tell whether the rule about SQL allows it in the file `path`."""
    return (
        path.endswith("/queries.py")
        or path == "src/leadconnect/leads/search.py"
        or path.startswith("src/leadconnect/database/")
        or path in SQL_ELSEWHERE
    )


@pytest.mark.parametrize(
    "statement", ["select 1 from leads", "INSERT INTO a (b) values ($1)", "\n  with x as (select 1)"]
)
def test_a_statement_is_recognised(statement: str) -> None:
    assert looks_like_sql(statement)


@pytest.mark.parametrize("sentence", ["Select a file", "update", "Delete it from the list?", "with care as ever"])
def test_a_sentence_is_no_statement(sentence: str) -> None:
    assert not looks_like_sql(sentence)


def test_sql_stands_in_queries_search_and_the_database_room_only() -> None:
    found = [
        f"{path}:{line}: {' '.join(text.split())[:60]}"
        for path, _, tree in modules(SOURCE)
        if not may_hold_sql(path)
        for line, text in texts(tree)
        if looks_like_sql(text)
    ]
    assert not found, "SQL outside its rooms:\n" + "\n".join(found)


def test_leads_are_written_by_their_write_path_alone() -> None:
    writes = re.compile(r"\b(insert\s+into\s+leads|update\s+leads|delete\s+from\s+leads)\b", re.IGNORECASE)
    found = {path for path, _, tree in modules(SOURCE) for _, text in texts(tree) if writes.search(text)}
    assert found == {"src/leadconnect/leads/writing/queries.py"}


def tenant_tables() -> set[str]:
    """Return the tables that have an account, as the migrations make them."""
    text = "\n".join(path.read_text("utf-8") for path in (SOURCE / "database" / "migrations").glob("*.sql"))
    return set(re.findall(r"create table (\w+) \(\s*account_id\b", text)) | {"accounts"}


def statements() -> Iterator[tuple[str, str]]:
    """Yield every statement that a module of queries keeps as a constant, with its name."""
    for path in [*SOURCE.rglob("queries.py"), SOURCE / "leads" / "search.py"]:
        name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for constant, value in vars(importlib.import_module(name)).items():
            for text in value if isinstance(value, tuple | list) else [value]:
                if isinstance(text, str) and looks_like_sql(text):
                    yield f"{name}.{constant}", text


def names_the_account(text: str) -> bool:
    """Tell whether a statement names the account; the table of accounts itself has it as ``id``."""
    by_id = r"\baccount_id\b|\b(from|update) accounts\b.*\bwhere id = \$1|\binto accounts\s+\(id,"
    return re.search(by_id, text, re.DOTALL) is not None


def test_every_statement_on_a_tenants_table_names_the_account() -> None:
    tables = tenant_tables()
    touches = re.compile(rf"\b(from|join|into|update)\s+({'|'.join(tables)})\b", re.IGNORECASE)
    found = list(statements())
    assert len(tables) >= 10
    assert len(found) >= 30
    loose = {name for name, text in found if touches.search(text) and not names_the_account(text)}
    assert loose == set(WITHOUT_THE_ACCOUNT)


def routes() -> Iterator[tuple[str, Declaration]]:
    """Yield every route as "METHOD /path", with what it declares."""
    for route in litestar_app(Settings(secret="s" * 32)).routes:
        if isinstance(route, HTTPRoute):
            path = re.sub(r"{(\w+):\w+}", r"{\1}", route.path)
            for method, (handler, _) in route.route_handler_map.items():
                if method != "OPTIONS":
                    yield f"{method} {path}", declaration_of(handler)


def test_every_public_route_is_listed() -> None:
    found = {name for name, declared in routes() if declared.public or not name.partition(" ")[2].startswith("/api/")}
    assert found == PUBLIC


def test_every_route_without_a_right_is_listed() -> None:
    found = {name for name, declared in routes() if not declared.right and name not in PUBLIC}
    assert found == FOR_EVERY_CALLER


def test_every_route_that_refuses_api_keys_is_listed() -> None:
    assert {name for name, declared in routes() if declared.session_only} == SESSION_ONLY


def test_a_right_that_a_route_declares_is_one() -> None:
    rights = {declared.right for _, declared in routes() if declared.right}
    assert len(rights) >= 4
    assert all(isinstance(right, Right) for right in rights)


def test_what_routes_declare_is_read_by_its_type() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, _, tree in code()
        if path != "src/leadconnect/web.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "opt"
    ]
    assert not found, f"`opt` is untyped, use `web.declaration_of`: {found}"


def test_no_file_grows_too_long() -> None:
    found = {path: len(text.splitlines()) for path, text, _ in code()}
    limits = {path: TEST_FILE_LINES if path.startswith("tests/") else FILE_LINES for path in found}
    long = {path: count for path, count in found.items() if count > limits[path]}
    assert set(long) == set(LONGER_FILES), (
        f"too long: {long}; listed: {sorted(LONGER_FILES)}. Give what has its own purpose its own module, "
        "such as leads/selection.py out of leads/models.py, or list the file here with the reason"
    )


def test_no_function_grows_too_long() -> None:
    long = {}
    for path, _, tree in code():
        for name, node in functions(tree):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > FUNCTION_LINES:
                long[f"{path}::{name}"] = count
    assert set(long) == set(LONGER_FUNCTIONS), (
        f"longer than {FUNCTION_LINES} lines: {long}; listed: {sorted(LONGER_FUNCTIONS)}"
    )


def test_everything_public_is_described() -> None:
    missing = []
    for path, _, tree in modules(SOURCE):
        if ast.get_docstring(tree) is None:
            missing.append(path)
        nodes: list[ast.AST] = [tree]
        while nodes:
            for node in ast.iter_child_nodes(nodes.pop()):
                if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    if node.name.startswith("_"):
                        continue
                    if ast.get_docstring(node) is None:
                        missing.append(f"{path}:{node.lineno} {node.name}")
                    if isinstance(node, ast.ClassDef):
                        nodes.append(node)
    assert not missing, "without a docstring:\n" + "\n".join(missing)


def test_no_word_is_left_that_promises_or_excuses() -> None:
    folders = ("src", "tests", "bench", "docs", "clients")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in TEXT_SUFFIXES]
    files += [path for path in ROOT.iterdir() if path.is_file() and path.suffix in {".md", ".toml", ".txt", ""}]
    found = []
    for path in files:
        if path == Path(__file__) or path.name.startswith(".env"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if match := FORBIDDEN.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found, "\n".join(found)


TEXT_SUFFIXES = {".py", ".sql", ".md", ".txt", ".html", ".js", ".ts", ".css", ".toml", ".json", ".yml", ".lua"}
