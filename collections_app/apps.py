from django.apps import AppConfig


class CollectionsAppConfig(AppConfig):
    name = "collections_app"

    def ready(self) -> None:
        from collections_app.register_words import TELLERS
        from collections_app.subscriptions import SUBSCRIBERS
        from journal import subscribers
        from staff import register_words

        subscribers.install(SUBSCRIBERS)
        register_words.install(TELLERS)
