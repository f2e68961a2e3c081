"""Secrets of outside services, encrypted at rest."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Credential(models.Model):
    """A token or a key under a name; apps.accounts.credentials stores and reads it."""

    class Kind(models.TextChoices):
        HUNTFLOW = "huntflow", "Huntflow"
        GEMINI = "gemini", "Gemini"
        GOOGLE = "google", "Google"

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    # Ciphertext alone: nothing that prints a row, the admin included, can show the secret.
    secret = models.TextField(editable=False)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")

    def __str__(self) -> str:
        return self.name
