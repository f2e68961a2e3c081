"""Forms of the pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.gemini.serializers import LONGEST_CANDIDATE, LONGEST_WISHES

LONGEST_NAME = 120


class AnalysisForm(forms.Form):
    """A candidate's text against a vacancy; the text is not kept."""

    candidate = forms.CharField(
        label=_("Candidate"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("An id or a name to find the analysis by."),
    )
    text = forms.CharField(
        label=_("The candidate's text"),
        max_length=LONGEST_CANDIDATE,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("A resume or a letter. It is sent to Gemini, and not kept here."),
    )
    wishes = forms.CharField(
        label=_("What matters most"),
        max_length=LONGEST_WISHES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
