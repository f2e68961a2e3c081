"""PostgreSQL behind the `Database` port: docs/explanation/postgresql.md.

Nothing here is imported before PostgreSQL is used, and psycopg with it.
"""
