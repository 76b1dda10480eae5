from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Only holds management commands that drive all the apps together."""

    name = "ops"
    verbose_name = "Plenary"
