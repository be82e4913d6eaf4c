"""Pages of the desk."""

from __future__ import annotations

from django.urls import path

from desk.views import (
    case_list,
    day_closes,
    debtor_data,
    hands,
    home,
    intake,
    payment_inbox,
    preferences,
    search,
    statements,
    undoing,
)
from desk.views.approvals import bulk as approvals_bulk
from desk.views.approvals import inbox
from desk.views.approvals import one as one_approval
from desk.views.calculator import show as calculator
from desk.views.case import (
    acts,
    contact,
    finishing,
    ledger,
    paying,
    reversing,
    show,
    standing,
    verify,
)
from desk.views.strategies.addresses import strategy_urls
from desk.views.work import bulk, preview, saved
from desk.views.work import show as show_work
from staff.access import public

urlpatterns = [
    path("home/", home.go_home, name="home"),
    path("", show_work.show_work_list, name="work-list"),
    path("tasks/aside/", bulk.put_aside, name="put-aside"),
    path("tasks/assign/", bulk.assign, name="assign"),
    path("tasks/views/", saved.keep_view, name="keep-view"),
    path("tasks/views/<int:view_id>/drop/", saved.drop_view, name="drop-view"),
    path("next/", hands.start_next, name="start-next"),
    path("told/<int:taken_over_id>/", hands.mark_read, name="mark-told"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search-suggest"),
    path("cases/", case_list.show_cases, name="cases"),
    path("cases/<str:number>/", show.show_case, name="case"),
    path("cases/<str:number>/preview/", preview.show_preview, name="case-preview"),
    path("cases/<str:number>/hand/", hands.show_hand, name="case-hand"),
    path("cases/<str:number>/hand/take/", hands.take, name="case-take"),
    path("cases/<str:number>/hand/take-over/", hands.take_over, name="case-take-over"),
    path("cases/<str:number>/hand/put-back/", hands.put_back, name="case-put-back"),
    path("cases/<str:number>/done/", finishing.finish_and_go_on, name="case-done"),
    path("cases/<str:number>/standing/", standing.show_standing, name="case-standing"),
    path("cases/<str:number>/print/", show.print_case, name="case-print"),
    path("cases/<str:number>/ledger/", ledger.show_case_ledger, name="case-ledger"),
    path("cases/<str:number>/ledger/<int:debt_id>/", ledger.show_debt_ledger, name="debt-ledger"),
    path(
        "cases/<str:number>/ledger/<int:debt_id>/payments/<int:transaction_id>/take-back/",
        reversing.take_back,
        name="payment-take-back",
    ),
    path("cases/<str:number>/identity/", verify.confirm, name="case-confirm-identity"),
    path("cases/<str:number>/identity/end/", verify.forget, name="case-forget-identity"),
    path("cases/<str:number>/hold/", acts.hold, name="case-hold"),
    path("cases/<str:number>/holds/<int:hold_id>/end/", acts.end_hold, name="case-end-hold"),
    path("cases/<str:number>/todo/", acts.open_work, name="case-open-work"),
    path(
        "cases/<str:number>/todo/<int:work_item_id>/finish/",
        acts.finish_work,
        name="case-finish-work",
    ),
    path("cases/<str:number>/payment/", paying.pay, name="case-post-payment"),
    path(
        "cases/<str:number>/payment/preview/", paying.preview_payment, name="case-preview-payment"
    ),
    path("cases/<str:number>/contact/", contact.log_contact, name="case-log-contact"),
    path("cases/<str:number>/contact/echo/", contact.echo_contact, name="case-echo-contact"),
    path("cases/<str:number>/contact/draft/", contact.keep_draft, name="case-keep-draft"),
    path("cases/<str:number>/note/", acts.write_note, name="case-write-note"),
    path("cases/<str:number>/notes/<int:note_id>/pin/", acts.pin_note, name="case-pin-note"),
    path("cases/<str:number>/undo/", undoing.undo, name="case-undo"),
    path("cases/<str:number>/data/", debtor_data.show_data, name="debtor-data"),
    path("cases/<str:number>/data/correct/", debtor_data.correct, name="debtor-correct"),
    path("cases/<str:number>/data/release/", debtor_data.release, name="debtor-release"),
    path("cases/<str:number>/data/reveal/", debtor_data.reveal, name="debtor-reveal"),
    path("cases/<str:number>/data/point/", debtor_data.add_point, name="debtor-add-point"),
    path(
        "cases/<str:number>/data/point/<int:point_id>/disable/",
        debtor_data.disable_point,
        name="debtor-disable-point",
    ),
    path("cases/<str:number>/data/address/", debtor_data.put_address, name="debtor-put-address"),
    path(
        "cases/<str:number>/data/debt/<int:debt_id>/waive/",
        debtor_data.waive,
        name="debtor-waive-problem",
    ),
    path("calculator/", calculator.show_calculator, name="calculator"),
    path("approvals/", inbox.show_approvals, name="approvals"),
    path("approvals/chosen/", approvals_bulk.decide_chosen, name="decide-approvals"),
    path("approvals/<str:kind>/<int:proposal_id>/", one_approval.show_approval, name="approval"),
    *strategy_urls,
    path("intake/", intake.list_runs, name="intake-runs"),
    path("intake/upload/", intake.upload, name="intake-upload"),
    path("intake/<int:run_id>/", intake.show_run, name="intake-run"),
    path("intake/<int:run_id>/errors/", intake.download_errors, name="intake-errors"),
    path("days/", day_closes.list_closes, name="day-closes"),
    path("statements/", statements.list_files, name="statements"),
    path("statements/upload/", statements.upload, name="statements-upload"),
    path("statements/<int:file_id>/", statements.show_file, name="statement-file"),
    path(
        "statements/entries/<int:entry_id>/take-back/",
        statements.take_back,
        name="statement-entry-take-back",
    ),
    path("payments/", payment_inbox.show_inbox, name="payment-inbox"),
    path(
        "payments/<int:entry_id>/<slug:act>/",
        payment_inbox.decide_entry,
        name="payment-inbox-decide",
    ),
    path("preferences/", preferences.preferences, name="preferences"),
    path("look/", public(preferences.set_look), name="look"),
]
