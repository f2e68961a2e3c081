from rest_framework.viewsets import ModelViewSet

from apps.core.filters import ListFilters
from apps.finance.models import Grade
from apps.finance.roles import FINANCE_WRITERS
from apps.finance.serializers.grades import GradeSerializer


class GradeViewSet(ModelViewSet):
    """Levels of seniority, by rank."""

    serializer_class = GradeSerializer
    queryset = Grade.objects.all()
    filter_backends = (ListFilters,)
    filterset_fields = ("name", "rank")
    write_roles = FINANCE_WRITERS
    lookup_value_converter = "int"
