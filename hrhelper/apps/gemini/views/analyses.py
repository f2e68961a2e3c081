"""Analyses of candidates: the team shares them."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from apps.core.filters import ListFilters
from apps.gemini.analyses import analyze
from apps.gemini.models import Analysis
from apps.gemini.serializers import AnalysisSerializer, AnalyzeSerializer
from apps.gemini.views.answers import FAILURES, AsksGemini


class AnalyzeView(AsksGemini, APIView):
    @extend_schema(request=AnalyzeSerializer, responses={201: AnalysisSerializer} | FAILURES)
    def post(self, request: Request) -> Response:
        """Have Gemini judge a candidate's text against a vacancy, and keep what it says."""
        given = AnalyzeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        made = analyze(**given.validated_data, user=request.user)
        return Response(AnalysisSerializer(made).data, status=201)


class AnalysisViewSet(
    AsksGemini,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    GenericViewSet,
):
    """Read and delete."""

    serializer_class = AnalysisSerializer
    queryset = Analysis.objects.all()
    filter_backends = (ListFilters,)
    filterset_fields = ("vacancy", "recommendation")
