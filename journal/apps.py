from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        """Know every app's facts, whoever reads the journal first."""
        for app in apps.get_app_configs():
            for module in modules_of_facts(app):
                import_module(module)


def modules_of_facts(app: AppConfig) -> Iterator[str]:
    """`facts`, `..._facts`, and what is in the package `facts`, by their names in a fixed order."""
    for found in iter_modules([app.path]):
        if found.name == "facts" or found.name.endswith("_facts"):
            yield f"{app.name}.{found.name}"
            if found.ispkg:
                yield from (f"{app.name}.{found.name}.{one.name}" for one in iter_modules([f"{app.path}/{found.name}"]))
