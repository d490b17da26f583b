"""Content Credentials (C2PA): what a film says about itself, put in last, read back, and compared with the record claim by claim.

Here are the records and the tables, light to import. The doing lies beside: `certificates.own`, `certificates.load`, `embedding.embed`,
`reading.read`, `reading.own_credentials`, `comparing.compare`, `public.left_out`.
"""

from answerprint.delivery.credentials.claims import (
    Action,
    Certificate,
    Checkpoint,
    Claims,
    CredentialsError,
    Embedded,
    Held,
    Ingredient,
    Public,
    Said,
    Signed,
)
from answerprint.delivery.credentials.sources import DECIDED, DONE, KIND_SOURCE, film_source, in_words, of_medium

__all__ = [
    "DECIDED",
    "DONE",
    "KIND_SOURCE",
    "Action",
    "Certificate",
    "Checkpoint",
    "Claims",
    "CredentialsError",
    "Embedded",
    "Held",
    "Ingredient",
    "Public",
    "Said",
    "Signed",
    "film_source",
    "in_words",
    "of_medium",
]
