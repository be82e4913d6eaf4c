"""Pages of agencies and placements."""

from __future__ import annotations

from django.urls import path

from agencies import views

urlpatterns = [
    path("agencies/", views.show_agencies, name="agencies"),
    path("agencies/add/", views.add, name="add-agency"),
    path("agencies/<int:agency_id>/", views.show_agency, name="agency"),
    path("agencies/<int:agency_id>/change/", views.change, name="change-agency"),
    path("agencies/<int:agency_id>/batch/", views.make_batch, name="make-batch"),
    path("agencies/batches/<int:batch_id>/file/", views.download_batch, name="batch-file"),
    path("placements/", views.show_placements, name="placements"),
    path("placements/<int:placement_id>/", views.show_placement, name="placement"),
    path("placements/<int:placement_id>/leave/", views.leave, name="leave-placement"),
    path(
        "placements/<int:placement_id>/again/", views.propose_again, name="propose-placement-again"
    ),
    path("placements/propose/<str:number>/", views.propose, name="propose-placement"),
]
