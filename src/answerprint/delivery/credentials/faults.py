"""What a C2PA reader finds wrong, in a sentence. Codes: C2PA Technical Specification 2.2, "Validation results"."""

from __future__ import annotations

__all__ = ["LIST_ONLY", "fault", "faults"]

#: not a fault of the file: only nobody vouches for the signer's name
LIST_ONLY = frozenset({"signingCredential.untrusted", "cawg.x509.credential.untrusted", "timeStamp.untrusted"})

_SAYS = {
    "assertion.bmffHash.mismatch": "picture, sound or something else in the file was changed after it was signed",
    "assertion.dataHash.mismatch": "the file was changed after it was signed, or these credentials belong to another file",
    "assertion.boxesHash.mismatch": "the file was changed after it was signed",
    "assertion.hashedURI.mismatch": "one of the claims was changed after it was signed",
    "assertion.boxesHash.unknownBox": "something was put into the file after it was signed",
    "assertion.missing": "one of the signed claims was taken out",
    "assertion.undeclared": "a claim was put in that is not signed",
    "assertion.inaccessible": "one of the signed claims lies elsewhere and cannot be reached",
    "assertion.json.invalid": "one of the claims cannot be read",
    "assertion.cbor.invalid": "one of the claims cannot be read",
    "assertion.action.malformed": "what was done is not written as it has to be",
    "assertion.action.ingredientMismatch": "what was done names an ingredient that is not there",
    "claim.malformed": "the list of claims cannot be read",
    "claim.cbor.invalid": "the list of claims cannot be read",
    "claim.missing": "the list of claims is missing",
    "claim.multiple": "there is more than one list of claims",
    "claim.hardBindings.missing": "nothing ties the credentials to this file",
    "claimSignature.missing": "the signature was taken out",
    "claimSignature.mismatch": "the signature does not fit: what it signs was changed, or somebody else's certificate was put beside it",
    "claimSignature.outsideValidity": "it was signed outside the certificate's time",
    "signingCredential.invalid": "the certificate is not one that may sign credentials",
    "signingCredential.expired": "the certificate has run out, and no timestamp shows that the file was signed before that",
    "signingCredential.revoked": "the certificate was revoked",
    "signingCredential.ocsp.revoked": "the certificate was revoked",
    "ingredient.manifest.missing": "an ingredient's own credentials were taken out",
    "ingredient.manifest.mismatch": "an ingredient's own credentials were exchanged or changed",
    "ingredient.claimSignature.missing": "an ingredient's own signature was taken out",
    "ingredient.claimSignature.mismatch": "an ingredient's own signature was exchanged or changed",
    "manifest.inaccessible": "the credentials lie elsewhere and cannot be reached",
    "manifest.multipleParents": "it names more than one parent",
    "timeStamp.malformed": "the timestamp cannot be read",
    "timeStamp.mismatch": "the timestamp belongs to another signature",
    "timeStamp.outsideValidity": "the timestamp lies outside its own certificate's time",
    "algorithm.unsupported": "it is signed in a way that this reader does not know",
    "cawg.ica.signature_mismatch": "the signature of the person or organisation named beside it does not fit",
    "cawg.ica.time_stamp.invalid": "the timestamp of the person or organisation named beside it is not valid",
}


def fault(code: str) -> str:
    """One code as a sentence's middle: "one of the claims was changed after it was signed". An unknown code stands for itself."""
    return _SAYS.get(code, f"the reader found {code!r}")


def faults(codes: list[str]) -> tuple[str, ...]:
    """Every fault once, in the order found; what only says that no list names the signer is none."""
    return tuple(dict.fromkeys(fault(code) for code in codes if code not in LIST_ONLY))
