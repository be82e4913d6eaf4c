"""Pages of agreements."""

from __future__ import annotations

from django.urls import path

from negotiations import views

urlpatterns = [
    path("agreements/", views.show_agreements, name="agreements"),
    path("agreements/<int:agreement_id>/", views.show_agreement, name="agreement"),
    path("agreements/<int:agreement_id>/withdraw/", views.withdraw, name="withdraw-agreement"),
    path("negotiate/<str:number>/", views.negotiate, name="negotiate"),
]
