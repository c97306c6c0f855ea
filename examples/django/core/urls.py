"""The example has no pages."""

urlpatterns = []
