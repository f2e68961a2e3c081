"""Errors of outside services in the words of the page's language."""

from django.utils.translation import gettext as _

from logic.base.errors import DomainError


def told_to_people(problem: DomainError) -> str:
    """What happened and what helps; by the error's code, never by its text."""
    known = {
        "missing_credential": _("Gemini has no key yet: an administrator can store one."),
        "gemini_timeout": _("Gemini did not answer in time. Try again in a minute."),
        "gemini_unreachable": _("Gemini cannot be reached now. Try again in a minute."),
        "gemini_unusable_answer": _("Gemini's answer could not be used. Try again."),
        "gemini_refused": _("Gemini refused: its key or its limits are to be looked at."),
    }
    return known.get(problem.code, problem.message)
