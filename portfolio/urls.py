"""Pages of the portfolio."""

from __future__ import annotations

from django.urls import path

from portfolio.views import board

urlpatterns = [
    path("board/", board.show_board, name="board"),
    path("board/cases/", board.list_board_cases, name="board-cases"),
]
