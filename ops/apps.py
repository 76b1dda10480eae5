from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Only holds management commands that drive all the apps together."""

    name = "config"
    verbose_name = "Plenary"
