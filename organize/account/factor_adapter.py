"""Second factors with the rules of this house: seeds are sealed, and names come from the settings."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from accounts.domain.sealing import seal, unseal


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_HOST)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """WebAuthn Level 2, 5.4.2: the host that keys are made for."""
        return {"id": settings.SITE_HOST, "name": settings.SITE_HOST}
