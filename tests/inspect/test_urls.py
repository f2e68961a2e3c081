"""The URLconf, read as text."""

from __future__ import annotations

from pathlib import Path

from parom.inspect.urls import read_routes
from tests.adapters.layouts.trees import write_tree

_ROOT = """
from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("shop.urls")),
    path("api/v1/items/", include(("shop.items", "items"))),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("page/<int:number>/", page),
    re_path(r"^old/$", old),
    path("unknown/", include(router.urls)),
]
urlpatterns += [path("readyz", ready)]
"""


def test_routes_of_included_modules_are_found(tmp_path: Path) -> None:
    """The health page is often one include further down."""
    write_tree(
        tmp_path,
        {
            "config/__init__.py": "",
            "config/urls.py": _ROOT,
            "shop/__init__.py": "",
            "shop/urls.py": 'urlpatterns = [path("health/", views.health)]\n',
            "shop/items.py": 'urlpatterns = [path("", views.items)]\n',
        },
    )
    routes = read_routes(tmp_path, "config.urls")
    assert [one.path for one in routes] == [
        "/admin/login/",
        "/api/v1/health/",
        "/api/v1/items/",
        "/api/v1/schema/",
        "/page/<int:number>/",
        "/readyz",
    ]
    assert [one.path for one in routes if one.looks_like_health] == ["/api/v1/health/", "/readyz"]
    assert [one.path for one in routes if one.looks_like_schema] == ["/api/v1/schema/"]
    assert not routes[4].is_plain


def test_modules_that_include_each_other_end(tmp_path: Path) -> None:
    """A mistake in a project must not hang who looks at it."""
    write_tree(
        tmp_path,
        {"a.py": 'urlpatterns = [path("x/", include("a")), path("y/", view)]\n'},
    )
    paths = [one.path for one in read_routes(tmp_path, "a")]
    assert paths[-1] == "/y/"
    assert len(paths) < 10


def test_what_is_no_urlconf_has_no_routes(tmp_path: Path) -> None:
    """Missing, broken and empty are the same answer: nothing was found."""
    write_tree(tmp_path, {"broken.py": "urlpatterns = [", "empty.py": ""})
    for module in ("missing", "broken", "empty"):
        assert read_routes(tmp_path, module) == ()
