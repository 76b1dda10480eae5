"""What a database is made of, as comparable rows."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

# Everything that a migration can make. btree_gist's own functions are its extension's.
PARTS = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length
        FROM information_schema.columns WHERE table_schema = 'public'
        AND table_name NOT IN (SELECT relname FROM pg_class JOIN pg_depend ON objid = pg_class.oid AND deptype = 'e')
    """,
    "constraints": """
        SELECT conrelid::regclass::text, pg_get_constraintdef(oid, true), contype::text
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": """
        SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ', '') FROM pg_indexes WHERE schemaname = 'public'
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
        AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    """,
    "sequences": "SELECT sequencename, data_type::text, increment_by FROM pg_sequences WHERE schemaname = 'public'",
}


def schema(alias: str = DEFAULT_DB_ALIAS) -> dict[str, list[tuple[object, ...]]]:
    """The rows of each part, sorted; names of constraints and indexes, which Django makes up, are left out."""
    found = {}
    with connections[alias].cursor() as cursor:
        for kind, query in PARTS.items():
            cursor.execute(query)
            found[kind] = sorted(cursor.fetchall(), key=repr)
    return found
