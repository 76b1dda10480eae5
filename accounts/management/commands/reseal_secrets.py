from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.domain.sealing import SealBroken, reseal


class Command(BaseCommand):
    help = "Seal the secrets of second factors anew with SECRET_KEY, before an old key leaves SECRET_KEY_FALLBACKS."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = reseal()
        except SealBroken as broken:
            raise CommandError(f"Nothing was changed: a secret is {broken}.") from broken
        self.stdout.write(f"Secrets sealed anew: {count}.")
