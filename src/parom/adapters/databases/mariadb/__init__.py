"""Databases on a MariaDB server: see docs/explanation/mariadb.md.

The first tier is PostgreSQL: what is missing here is refused or said, never guessed.
"""
