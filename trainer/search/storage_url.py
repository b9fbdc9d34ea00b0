"""The URL of a database, whose password nobody is to see."""

import re
from urllib.parse import parse_qsl, quote, unquote

from utils.paths import expanded

_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)"
    r"(?:(?P<user>[^:@/?#\s]*)(?P<colon>:(?P<password>[^:@/?#\s]*))?(?P<at>@))?"
    r"(?P<host>\[[0-9a-f:.]*\]|[\w.%-]*)(?P<port>:\d*)?(?P<name>/[\w.%+-]*)?(?P<query>\?[^#\s]*)?",
    re.IGNORECASE,
)
_FILE = re.compile(r"(?P<path>sqlite:///[^?]*)(?P<query>\?.*)?", re.IGNORECASE)
_HARMLESS = {"host", "port", "user", "dbname", "sslmode", "connect_timeout", "application_name", "charset", "timeout"}
_NO_URL = (
    "it is no URL of a database, such as postgresql://user@host/name; in a user's name and a password write "
    "@ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25"
)


def shown_url(url: str) -> str:
    """A URL as it may be printed: without password and options, and of one that cannot be read next to nothing.

    >>> shown_url("postgresql://user:secret@host/name?password=secret")
    'postgresql://user:***@host/name'
    >>> shown_url("postgresql://user:sec@ret@host/name")
    'postgresql://***'
    """
    if file := _FILE.fullmatch(url):
        return file["path"]
    if parts := _URL.fullmatch(url):
        hidden = ":***" if parts["colon"] else ""
        port = parts["port"] if parts["at"] else ""  # else it may be a password whose @host is missing
        shown = (parts["scheme"], parts["user"], hidden, parts["at"], parts["host"], port, parts["name"])
        return "".join(part or "" for part in shown)
    scheme = re.match(r"[a-z][a-z0-9+.-]*://", url, re.IGNORECASE)
    return f"{scheme[0]}***" if scheme else url if re.fullmatch(r"[\w-]*", url) else "***"


def without_secrets(text: str, url: str) -> str:
    """A driver's message about a URL as it may be printed; of one that cannot be read, that alone.

    >>> without_secrets('no user "user", secret "s:t"', "postgresql://user:s%3At@host/name")
    'no user "user", secret "***"'
    """
    parts = _FILE.fullmatch(url) or _URL.fullmatch(url)
    if parts is None:
        return _NO_URL
    options = parse_qsl((parts["query"] or "?")[1:], keep_blank_values=True)
    secrets = [value for name, value in options if name.lower() not in _HARMLESS]
    secrets.append(parts.groupdict().get("password") or "")
    forms = {form for secret in secrets for form in (secret, unquote(secret), quote(unquote(secret), safe="")) if form}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "***")
    return text


def expanded_file(url: str) -> str:
    """The URL with ~ and $NAME expanded in the path of an SQLite file. Raises ValueError."""
    file = _FILE.fullmatch(url)
    if file is None:
        return url
    start = len("sqlite:///")
    return f"{file['path'][:start]}{expanded(file['path'][start:])}{file['query'] or ''}"
