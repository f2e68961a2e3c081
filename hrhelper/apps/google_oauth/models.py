"""Who has agreed that this application uses their calendar and Drive."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from apps.accounts import credentials


class Grant(models.Model):
    """A person's agreement. The tokens are a credential, encrypted, and go with it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="google_grant",
        verbose_name=_("user"),
    )
    connected_at = models.DateTimeField(_("connected at"), auto_now=True)
    is_over = models.BooleanField(_("is over"), default=False)
    # Which tokens these are. Whoever refreshes says which ones it found used up.
    generation = models.PositiveIntegerField(default=1, editable=False)
    # Until then one process refreshes, and the others wait for it.
    refreshing_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("agreement with Google")
        verbose_name_plural = _("agreements with Google")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def credential(self) -> str:
        """The name under which the tokens are stored."""
        return credential_of(self.user_id)


def credential_of(user_id: int) -> str:
    return f"google-{user_id}"


@receiver(post_delete, sender=Grant)
def _forget_tokens(instance: Grant, **_: Any) -> None:
    """Also where the grant went with its user."""
    credentials.forget(instance.credential)
