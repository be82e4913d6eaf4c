"""Pages of messages, and of what was said and sent in a case."""

from __future__ import annotations

from django.urls import path

from contacts.views import correspondence, messages

urlpatterns = [
    path("messages/", messages.show_messages, name="messages"),
    path("messages/hand-over/", messages.hand_over, name="hand-over-messages"),
    path("messages/deliveries/", messages.upload_deliveries, name="upload-deliveries"),
    path("messages/<int:message_id>/", messages.show_message, name="message"),
    path("messages/<int:message_id>/recipient/", messages.reveal, name="message-recipient"),
    path("messages/<int:message_id>/delivery/", messages.record, name="record-delivery"),
    path("correspondence/<str:number>/", correspondence.show_correspondence, name="correspondence"),
    path(
        "correspondence/<str:number>/requests/",
        correspondence.add_request,
        name="add-restructuring-request",
    ),
    path(
        "correspondence/<str:number>/requests/<int:request_id>/answer/",
        correspondence.answer_request,
        name="answer-restructuring-request",
    ),
    path(
        "correspondence/<str:number>/promises/<int:promise_id>/withdraw/",
        correspondence.take_back_promise,
        name="withdraw-promise",
    ),
    path(
        "correspondence/<str:number>/terminations/",
        correspondence.propose,
        name="propose-termination",
    ),
    path(
        "correspondence/<str:number>/terminations/<int:termination_id>/",
        correspondence.rework,
        name="rework-termination",
    ),
    path("correspondence/<str:number>/override/", correspondence.override, name="override-guard"),
]
