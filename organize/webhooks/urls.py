"""Addresses of the webhooks' pages; part of the organizers' (organize.urls)."""

from django.urls import path

from organize.webhooks import views

_HERE = "organize/<slug:slug>/webhooks/"

urlpatterns = [
    path(_HERE, views.webhooks, name="webhooks"),
    path(_HERE + "new/", views.new, name="webhook_new"),
    path(_HERE + "<uuid:uid>/", views.webhook, name="webhook"),
    path(_HERE + "<uuid:uid>/edit/", views.edit, name="webhook_edit"),
    path(_HERE + "<uuid:uid>/delete/", views.remove, name="webhook_delete"),
    path(_HERE + "<uuid:uid>/test/", views.test, name="webhook_test"),
    path(_HERE + "<uuid:uid>/pause/", views.pause, name="webhook_pause"),
    path(_HERE + "<uuid:uid>/resume/", views.resume, name="webhook_resume"),
    path(_HERE + "<uuid:uid>/rotate/", views.rotate, name="webhook_rotate"),
    path(_HERE + "<uuid:uid>/again/", views.again, name="webhook_again"),
    path(_HERE + "deliveries/<uuid:uid>/", views.delivery, name="webhook_delivery"),
    path(_HERE + "deliveries/<uuid:uid>/again/", views.delivery_again, name="webhook_delivery_again"),
]
