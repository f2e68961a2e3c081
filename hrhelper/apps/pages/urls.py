from django.urls import path

from apps.pages.views.analyses import AnalysesPage, AnalysisPage, AskPage
from apps.pages.views.candidates import CandidatePage, CandidatesPage, SyncPage
from apps.pages.views.language import LanguagePage
from apps.pages.views.login import LoginPage, LogoutPage
from apps.pages.views.salaries import SalariesPage
from apps.pages.views.vacancies import VacanciesPage, VacancyPage

urlpatterns = [
    path("", VacanciesPage.as_view(), name="vacancies-page"),
    path("vacancies/<int:pk>/", VacancyPage.as_view(), name="vacancy-page"),
    path("vacancies/<int:pk>/analysis/", AskPage.as_view(), name="ask-page"),
    path("salaries/", SalariesPage.as_view(), name="salaries-page"),
    path("candidates/", CandidatesPage.as_view(), name="candidates-page"),
    path("candidates/sync/", SyncPage.as_view(), name="sync-page"),
    path("candidates/<int:pk>/", CandidatePage.as_view(), name="candidate-page"),
    path("analyses/", AnalysesPage.as_view(), name="analyses-page"),
    path("analyses/<int:pk>/", AnalysisPage.as_view(), name="analysis-page"),
    path("login/", LoginPage.as_view(), name="login"),
    path("logout/", LogoutPage.as_view(), name="logout"),
    path("language/", LanguagePage.as_view(), name="language"),
]
