from rest_framework import serializers

from apps.finance.models import BenchmarkSettings


class BenchmarkSettingsSerializer(serializers.ModelSerializer):
    # Null where nobody has set anything yet.
    updated_at = serializers.DateTimeField(read_only=True, allow_null=True)
    prompt = serializers.CharField(max_length=20_000, required=False, allow_blank=True)

    class Meta:
        model = BenchmarkSettings
        fields = (
            "period_days",
            "tax_percent",
            "prompt",
            "daily_candidates",
            "daily_vacancies",
            "updated_at",
        )


class BenchmarkStatsSerializer(serializers.Serializer):
    type = serializers.CharField()
    count = serializers.IntegerField()
    average = serializers.DecimalField(max_digits=12, decimal_places=2)
    average_gross = serializers.DecimalField(max_digits=14, decimal_places=2)
