"""The two dialects that statements and migrations are compiled for.

In PostgreSQL whole numbers have 64 bits, as SQLite's have, and texts are compared byte by byte, as SQLite's are,
whatever the database's own collation is.
"""

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.base import PGTypeCompiler
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect


class _Types(PGTypeCompiler):
    def visit_INTEGER(self, type_: Any, **options: Any) -> str:  # noqa: N802 - the visitor's name
        return "BIGINT"


class MigrationTypes(_Types):
    """Types as columns are made of them."""

    def visit_TEXT(self, type_: Any, **options: Any) -> str:  # noqa: N802 - the visitor's name
        """Compared byte by byte."""
        return 'TEXT COLLATE "C"'


class _Postgresql(PGDialect_psycopg):
    type_compiler_cls = _Types
    supports_statement_cache = True


SQLITE = sqlite_dialect(paramstyle="named")
POSTGRESQL: Dialect = _Postgresql()  # type: ignore[no-untyped-call]
