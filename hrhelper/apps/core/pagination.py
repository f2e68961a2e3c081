"""Pages of lists."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """50 rows a page, up to 200 on request."""

    page_size_query_param = "page_size"
    max_page_size = 200
