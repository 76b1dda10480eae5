"""All addresses. Each app names its own; this file only puts them together, fixed words before conferences' names."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from ops.health import healthz, readyz
from website.site import switch_language

# The administration pages' own sign-in form knows no second factor; organizers come in by the one that does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as django-allauth documents it

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("language/", switch_language, name="set_language"),
    path("api/v1/", include("api.v1.urls")),
    path("", include("organize.urls")),
    path("", include("website.calendar_urls")),
    path("", include("website.registration_urls")),
    path("", include("website.schedule_urls")),
]
