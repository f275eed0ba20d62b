"""django-oauth-toolkit as a site would run it, behind the TLS front that started it. See ../README.md.

Takes its options as JSON in the first argument, prints {"port": N} once it listens on that loopback port, and obeys
commands in JSON lines. It ends, and its database with it, when standard input closes.
"""

import json
import logging
import os
import sys
import tempfile
import threading

import django
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.management import call_command
from oauthlib.common import generate_token

OPTIONS = json.loads(sys.argv[1])
TTL = OPTIONS["ttl"]
# Two, so that a test can sign in as somebody else.
PEOPLE = {"grace": ("hopper", "Grace", "Hopper"), "ada": ("lovelace", "Ada", "Lovelace")}
GRANTS = {"code": "authorization-code", "implicit": "implicit"}

APPS = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles"]
TEMPLATE_CONTEXT = ["template.context_processors.request", "contrib.auth.context_processors.auth",
                    "contrib.messages.context_processors.messages"]


def signing_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def configure(folder):
    """What a site's settings.py says. What is not named is Django's default or the toolkit's."""
    settings.configure(
        SECRET_KEY=generate_token(50),
        ALLOWED_HOSTS=["localhost"],
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
        SESSION_COOKIE_SECURE=True,
        CSRF_COOKIE_SECURE=True,
        INSTALLED_APPS=[f"django.contrib.{app}" for app in APPS] + ["oauth2_provider"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [f"django.{name}" for name in TEMPLATE_CONTEXT]},
        }],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(folder, "provider.sqlite3"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
        }},
        # Tables straight from the models: the history of how they came to be takes seconds to repeat.
        MIGRATION_MODULES={app: None for app in [*APPS, "oauth2_provider"]},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        # As Django's documentation has it for tests: the usual ones are slow on purpose.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF="urls",
        STATIC_URL="/static/",
        USE_TZ=True,
        LOGIN_URL="/admin/login/",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": signing_key(),
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "SCOPES": {"openid": "OpenID Connect", "profile": "Name", "email": "E-mail address"},
            # Otherwise a silent authorization is answered by the page that asks for consent.
            "REQUEST_APPROVAL_PROMPT": "auto",
            "ACCESS_TOKEN_EXPIRE_SECONDS": TTL,
            "ID_TOKEN_EXPIRE_SECONDS": TTL,
            **({"OAUTH2_VALIDATOR_CLASS": "validator.SilentValidator"} if OPTIONS["silent"] else {}),
        },
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def register():
    """The people, and the client as the guide has it registered."""
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import get_application_model

    for username, (password, first_name, last_name) in PEOPLE.items():
        names = {"first_name": first_name, "last_name": last_name}
        # Of the staff, because the page that asks for the password is the one of Django's administration.
        get_user_model().objects.create_user(username, f"{username}@evertoken.test", password, is_staff=True, **names)
    application = get_application_model()
    uris = " ".join(OPTIONS["redirect_uris"])
    application.objects.create(
        name="Evertoken",
        client_id=OPTIONS["client_id"],
        client_type=application.CLIENT_PUBLIC,
        authorization_grant_type=GRANTS[OPTIONS["grant"]],
        redirect_uris=uris,
        post_logout_redirect_uris=uris,
        algorithm=application.RS256_ALGORITHM,
    )


def end_sessions():
    from django.contrib.sessions.models import Session

    return {"ended": Session.objects.all().delete()[0]}


def revoke_refresh_tokens():
    """As an administrator would: every one of them is unknown from now on, access tokens and sessions stay."""
    from oauth2_provider.models import get_refresh_token_model

    tokens = get_refresh_token_model().objects
    usable = tokens.filter(revoked__isnull=True).count()
    tokens.all().delete()
    return {"revoked": usable}


COMMANDS = {"end_sessions": end_sessions, "revoke_refresh_tokens": revoke_refresh_tokens}


def serve():
    """Starts the server that `manage.py runserver` uses, and returns its port."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def say(message):
    print(json.dumps(message), flush=True)


def main():
    # Requests bear codes in their addresses; errors are told with their stack.
    logging.getLogger("django.server").disabled = True
    with tempfile.TemporaryDirectory(prefix="evertoken-interop-", ignore_cleanup_errors=True) as folder:
        configure(folder)
        register()
        say({"port": serve()})
        for line in sys.stdin:
            say(COMMANDS[json.loads(line)["do"]]())


main()
