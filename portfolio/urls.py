"""Pages of the portfolio."""

from __future__ import annotations

from django.urls import path

from portfolio import views

urlpatterns = [
    path("board/", views.show_board, name="board"),
    path("board/cases/", views.list_board_cases, name="board-cases"),
]
