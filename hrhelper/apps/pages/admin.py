"""The admin under the application's own name."""

from django.contrib import admin

admin.site.site_header = admin.site.site_title = "HR Helper"
