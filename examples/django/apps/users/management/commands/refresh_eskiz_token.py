"""python manage.py refresh_eskiz_token [--force]"""

from django.core.management.base import BaseCommand, CommandError

from apps.users.utils import eskiz_token, refresh_eskiz_token


class Command(BaseCommand):
    help = "Renews the Eskiz token if it is due; with --force now, whatever its age."

    def add_arguments(self, parser):
        parser.add_argument("--force", action="store_true", help="renew it even if it is fresh")

    def handle(self, *args, **options):
        if not options["force"]:
            token = eskiz_token()
            if token is None:
                raise CommandError("The gateway does not tell of the token; the log says why.")
            if token.get("state") == "valid":
                self.stdout.write(f"The token is good until {token.get('expires_at')}; nothing to do.")
                return
        if not refresh_eskiz_token():
            raise CommandError("The token was not renewed; the log says why.")
        self.stdout.write(self.style.SUCCESS("The token is renewed."))
