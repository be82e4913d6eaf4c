"""Pages of write-offs, refunds, charges and statements of account."""

from __future__ import annotations

from django.urls import path

from bookkeeping.views import batches, case_money, lists, proposing, statements

urlpatterns = [
    path("cases/<str:number>/money/", case_money.show_money, name="case-money"),
    path("cases/<str:number>/write-off/", proposing.write_off, name="write-off"),
    path("cases/<str:number>/refund/", proposing.refund, name="propose-refund"),
    path("cases/<str:number>/charge/", proposing.charge, name="charge-fee"),
    path("cases/<str:number>/statement/", statements.show_statement, name="statement-of-account"),
    path("write-offs/", lists.show_write_offs, name="write-offs"),
    path("write-offs/authority/", lists.show_authority, name="authority"),
    path("write-offs/batches/", batches.propose_batch, name="propose-small-balances"),
    path(
        "write-offs/batches/<int:write_off_batch_id>/", batches.show_batch, name="write-off-batch"
    ),
    path(
        "write-offs/batches/<int:write_off_batch_id>/withdraw/",
        batches.withdraw_batch,
        name="withdraw-write-off-batch",
    ),
    path(
        "write-offs/batches/<int:write_off_batch_id>/decide/",
        batches.decide_batch,
        name="decide-write-off-batch",
    ),
    path(
        "write-offs/<int:write_off_id>/do/<slug:name>/",
        case_money.act_on_write_off,
        name="write-off-act",
    ),
    path("refunds/", lists.show_refunds, name="refunds"),
    path("refunds/<int:refund_id>/do/<slug:name>/", case_money.act_on_refund, name="refund-act"),
    path("charges/<int:charge_id>/do/<slug:name>/", case_money.act_on_charge, name="charge-act"),
]
