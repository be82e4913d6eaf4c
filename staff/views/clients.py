"""API clients and their tokens. A token is shown once, on the page that follows its making."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from staff import operations
from staff.access import StaffRequest, page
from staff.forms import TokenForm
from staff.models import ApiClient, ApiToken
from staff.queries import list_clients
from staff.rights import Right, Scope
from staff.views.answers import done
from staff.views.shown_once import keep_token, take_token
from staff.wording import refusal_text, scope_name


@require_http_methods(["GET", "POST"])
@page(Right.MANAGE_STAFF)
def manage_clients(request: StaffRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)

    def issue() -> None:
        values = form.cleaned_data
        try:
            token = operations.issue_token(
                client_name=values["client"],
                scopes=[Scope(scope) for scope in values["scopes"]],
                valid_days=values["valid_days"],
                team=values["team"],
                submission=values["submission"],
                actor=request.actor,
                at=clock.now(),
            )
        except operations.TokenMadeBefore as error:
            messages.info(request, refusal_text(error))
            return
        keep_token(request, token)
        messages.success(request, _("The token is made."))

    if request.method == "POST" and done(request, form, issue, ""):
        return redirect("staff-clients")
    rows = [_client_row(client) for client in list_clients()]
    token = "" if form.is_bound else take_token(request)
    context = {"rows": rows, "form": form, "token": token}
    answer = render(request, "staff/clients.html", context, status=422 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _client_row(client: ApiClient) -> dict[str, Any]:
    return {"client": client, "tokens": [_token_row(token) for token in client.tokens.all()]}


def _token_row(token: ApiToken) -> dict[str, Any]:
    ended = token.revoked_at is not None or token.expires_at <= clock.now()
    word = _("expired") if ended else _("valid")
    if token.revoked_at is not None:
        word = _("revoked")
    return {
        "token": token,
        "scopes": ", ".join(str(scope_name(scope)) for scope in sorted(token.known_scopes)),
        "word": word,
        "shape": "no" if ended else "met",
        "may_revoke": not ended,
    }


@require_POST
@page(Right.MANAGE_STAFF)
def revoke_token(request: StaffRequest, token_id: int) -> HttpResponse:
    operations.revoke_token(token_id=token_id, actor=request.actor, at=clock.now())
    messages.success(request, _("The token does not work any more."))
    return redirect("staff-clients")


@require_POST
@page(Right.MANAGE_STAFF)
def change_client(request: StaffRequest, client_id: int) -> HttpResponse:
    """Lock a client out with all its tokens, or let it in again."""
    try:
        operations.change_client(
            client_id=client_id,
            is_active=request.POST.get("is_active") == "1",
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, refusal_text(error))
    return redirect("staff-clients")
