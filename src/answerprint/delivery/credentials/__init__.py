"""Content Credentials (C2PA): what a film says about itself, put in last, read back, and compared with the record claim by claim."""

from answerprint.delivery import DeliveryError
from answerprint.delivery.credentials.claims import (
    Action,
    Certificate,
    Checkpoint,
    Claims,
    Embedded,
    Held,
    Ingredient,
    Public,
    Said,
    Signed,
)
from answerprint.delivery.credentials.sources import DECIDED, DONE, KIND_SOURCE, film_source

__all__ = ["DECIDED", "DONE", "KIND_SOURCE", "Action", "Certificate", "Checkpoint", "Claims", "CredentialsError", "Embedded", "Held", "Ingredient", "Public", "Said", "Signed", "film_source"]


class CredentialsError(DeliveryError):
    """Credentials that cannot be put in or read, or that would say something else than the record: what was found, what to do."""
