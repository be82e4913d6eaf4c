"""What people enter at the desk: parsed here, judged by the operations."""

from desk.forms.approvals import DecideForm, ReasonForm
from desk.forms.case_acts import (
    EndHoldForm,
    FinishWorkForm,
    HoldForm,
    NoteForm,
    PaymentForm,
    TakeBackForm,
    TakeOverForm,
    WorkForm,
)
from desk.forms.contact import ContactForm
from desk.forms.intake import UploadForm
from desk.forms.strategies import SimulationForm

__all__ = [
    "ContactForm",
    "DecideForm",
    "EndHoldForm",
    "FinishWorkForm",
    "HoldForm",
    "NoteForm",
    "PaymentForm",
    "ReasonForm",
    "SimulationForm",
    "TakeBackForm",
    "TakeOverForm",
    "UploadForm",
    "WorkForm",
]
