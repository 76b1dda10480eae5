"""Addresses of what can be taken elsewhere."""

from django.urls import path

from organize.exports import archives, views

urlpatterns = [
    path("organize/<slug:slug>/exports/", views.exports, name="exports"),
    path("organize/<slug:slug>/drafts/<int:draft>/proof.pdf", views.draft_proof, name="draft_proof"),
    path("organize/<slug:slug>/exports/everything/", archives.archives, name="archives"),
    path("organize/<slug:slug>/exports/everything/<uuid:uid>/", archives.take_archive, name="archive_take"),
    path("organize/<slug:slug>/exports/everything/<uuid:uid>/progress/", archives.progress, name="archive_progress"),
    path("organize/<slug:slug>/exports/everything/<uuid:uid>/delete/", archives.delete_archive, name="archive_delete"),
]
