"""All addresses. Each app names its own; this file only puts them together, fixed words before conferences' names."""

from django.contrib import admin
from django.urls import include, path

from ops.health import healthz, readyz
from website.site import switch_language

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("organize.account.urls")),
    path("accounts/", include("allauth.urls")),
    path("language/", switch_language, name="set_language"),
    path("api/v1/", include("api.v1.urls")),
    path("", include("organize.urls")),
    path("", include("website.urls")),
]

# Django looks for it by this name.
handler404 = "website.missing.missing"
