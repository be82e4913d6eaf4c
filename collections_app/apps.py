from django.apps import AppConfig


class CollectionsAppConfig(AppConfig):
    name = "collections_app"

    def ready(self) -> None:
        from collections_app.subscriptions import SUBSCRIBERS
        from journal.subscribers import install

        install(SUBSCRIBERS)
