"""How an application keeps what it is told: under a key of its own, so that erasing it is deleting that key."""

from typing import Any
from uuid import UUID

from identity.applications.form import Form
from shared.crypto import FieldPlace, FieldVault, PersonKey


def kept_form(key: PersonKey, application_id: UUID, form: Form) -> bytes:
    """A form as its row keeps it."""
    return key.encrypt(FieldPlace("applications", "form", application_id), form.model_dump_json())


def key_of(vault: FieldVault, application: Any) -> PersonKey:
    """The key of a row of `applications`."""
    return vault.open_person_key(application.data_key)


def form_if_kept(vault: FieldVault, application: Any) -> Form | None:
    """The same of one whose applicant may have closed the account: then nothing."""
    return form_of(vault, application) if application.form is not None else None


def form_of(vault: FieldVault, application: Any) -> Form:
    """The form of a row of `applications`; there as long as it is not over."""
    place = FieldPlace("applications", "form", application.application_id)
    return Form.model_validate_json(key_of(vault, application).decrypt(place, application.form))


def name_place(document_id: UUID) -> FieldPlace:
    """Where the name of a file stands: people call their files by their names."""
    return FieldPlace("application_documents", "name", document_id)


def content_place(document_id: UUID) -> FieldPlace:
    """Where the file itself stands."""
    return FieldPlace("application_documents", "content", document_id)
