"""Addresses of the pages for managers."""

from __future__ import annotations

from django.urls import path

from portfolio.views import board, lists, tables, targets

urlpatterns = [
    path("board/", board.show_board, name="board"),
    path("board/cases/", lists.list_board_cases, name="board-cases"),
    path("board/lines/", lists.list_board_lines, name="board-lines"),
    path("board/rolled/", lists.list_board_rolled, name="board-rolled"),
    path("board/tables/<slug:table>/", tables.take_table, name="board-table"),
    path("board/targets/", targets.manage_targets, name="board-targets"),
]
