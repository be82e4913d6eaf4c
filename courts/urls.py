"""Pages of court referrals."""

from __future__ import annotations

from django.urls import path

from courts import views

urlpatterns = [
    path("referrals/", views.show_referrals, name="referrals"),
    path("referrals/<int:referral_id>/", views.show_referral, name="referral"),
    path("referrals/<int:referral_id>/cost/", views.add_cost, name="referral-cost"),
    path("referrals/<int:referral_id>/do/<slug:name>/", views.act, name="referral-act"),
    path("referrals/propose/<str:number>/", views.propose, name="propose-referral"),
]
