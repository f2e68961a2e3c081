"""Chats with Gemini, and what it said of candidates."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChatSession(models.Model):
    """A chat of one person; nobody else sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="chat_sessions",
        verbose_name=_("user"),
    )
    title = models.CharField(_("title"), max_length=200)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("chat session")
        verbose_name_plural = _("chat sessions")

    def __str__(self) -> str:
        return self.title


class ChatMessage(models.Model):
    """A question, or the answer to it; they are stored together, or neither is."""

    class Role(models.TextChoices):
        USER = "user", _("user")
        MODEL = "model", _("model")

    session = models.ForeignKey(
        ChatSession,
        on_delete=models.CASCADE,
        related_name="messages",
        verbose_name=_("chat session"),
    )
    # Counts within the session. Of two questions at once the second is a conflict.
    number = models.PositiveIntegerField(_("number"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    text = models.TextField(_("text"))
    # Of question and answer together, and therefore of answers alone.
    tokens_used = models.PositiveIntegerField(_("tokens used"), null=True, blank=True)
    response_ms = models.PositiveIntegerField(_("response time, ms"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        ordering = ("session", "number")
        verbose_name = _("chat message")
        verbose_name_plural = _("chat messages")
        constraints = [
            models.UniqueConstraint(fields=("session", "number"), name="gemini_message_number")
        ]

    def __str__(self) -> str:
        return f"{self.session_id}/{self.number}"


class Analysis(models.Model):
    """How a candidate's text fits a vacancy. The text itself is not kept: it is personal."""

    class Recommendation(models.TextChoices):
        INVITE = "invite", _("invite")
        CONSIDER = "consider", _("consider")
        DECLINE = "decline", _("decline")

    vacancy = models.ForeignKey(
        "vacancies.Vacancy",
        on_delete=models.CASCADE,
        related_name="analyses",
        verbose_name=_("vacancy"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    candidate = models.CharField(
        _("candidate"), max_length=120, blank=True, help_text=_("id or name by which it is found")
    )
    score = models.PositiveSmallIntegerField(_("score"), validators=[MaxValueValidator(100)])
    recommendation = models.CharField(
        _("recommendation"), max_length=10, choices=Recommendation.choices
    )
    summary = models.TextField(_("summary"))
    strengths = models.JSONField(_("strengths"), default=list)
    gaps = models.JSONField(_("gaps"), default=list)
    model = models.CharField(_("model"), max_length=100)
    tokens_used = models.PositiveIntegerField(_("tokens used"))
    response_ms = models.PositiveIntegerField(_("response time, ms"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, db_index=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")

    def __str__(self) -> str:
        return f"{self.vacancy_id}: {self.score}"
