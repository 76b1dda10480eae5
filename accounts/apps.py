from django.apps import AppConfig
from django.contrib.admin import apps as administration
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Organizers")


class AdministrationConfig(administration.AdminConfig):
    """Django's administration with our rule of who may come in."""

    default_site = "accounts.administration.Administration"
    default = False
