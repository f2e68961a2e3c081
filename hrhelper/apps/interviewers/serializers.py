from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from apps.core.moments import FIRST, LAST, MomentField
from apps.finance.models import Grade
from apps.interviewers.models import Interview, Interviewer


class InterviewerSerializer(serializers.ModelSerializer):
    class Meta:
        model = Interviewer
        fields = (
            "id",
            "name",
            "email",
            "min_grade",
            "max_grade",
            "daily_limit",
            "weekly_limit",
            "is_active",
        )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        def given(name: str) -> Any:
            default = Interviewer._meta.get_field(name).get_default()
            return attrs.get(name, getattr(self.instance, name, default))

        low, high = given("min_grade"), given("max_grade")
        if low and high and low.rank > high.rank:
            raise serializers.ValidationError({"max_grade": "It is below min_grade."})
        if given("weekly_limit") < given("daily_limit"):
            raise serializers.ValidationError({"weekly_limit": "It is less than daily_limit."})
        return attrs


class InterviewSerializer(serializers.ModelSerializer):
    starts_at = MomentField()

    class Meta:
        model = Interview
        fields = ("id", "interviewer", "vacancy", "starts_at", "minutes")


class RoomSerializer(serializers.Serializer):
    day_left = serializers.IntegerField()
    week_left = serializers.IntegerField()
    is_there = serializers.BooleanField()


class AvailableSerializer(InterviewerSerializer):
    room = serializers.SerializerMethodField()

    class Meta(InterviewerSerializer.Meta):
        fields = (*InterviewerSerializer.Meta.fields, "room")

    def get_room(self, one: Interviewer) -> RoomSerializer:
        return RoomSerializer(self.context["rooms"][one.id]).data


class DaySerializer(serializers.Serializer):
    """The day that is asked about (today, where none is named), and the candidate's grade."""

    day = serializers.DateField(required=False)
    grade = serializers.PrimaryKeyRelatedField(queryset=Grade.objects.all(), required=False)

    def validate_day(self, value: date) -> date:
        if not FIRST.date() <= value <= LAST.date():
            raise serializers.ValidationError("It lies too far away.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"day": timezone.localdate(), "grade": None} | attrs
