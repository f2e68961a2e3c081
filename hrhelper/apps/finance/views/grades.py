from rest_framework.viewsets import ModelViewSet

from apps.finance.models import Grade
from apps.finance.serializers.grades import GradeSerializer


class GradeViewSet(ModelViewSet):
    """Levels of seniority, by rank."""

    serializer_class = GradeSerializer
    queryset = Grade.objects.all()
