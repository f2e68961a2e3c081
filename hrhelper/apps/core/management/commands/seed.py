from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core.seeding import seed


class Command(BaseCommand):
    help = "Fills the database with example data, the same for the same --seed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=1000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--text-bytes", type=int, default=0)

    def handle(self, *args: Any, **options: Any) -> None:
        seed(options["rows"], options["seed"], options["text_bytes"])
