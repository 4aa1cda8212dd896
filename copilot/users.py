"""The user file: who may log in at a browser, where there is no identity provider; passwords as scrypt hashes."""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from copilot.errors import BadInput, ConfigError
from copilot.store import ROLES, Identity, Role

_COST = {"n": 2**14, "r": 8, "p": 1}  # 16 MB and about 50 ms a try
_NOBODY = "0" * 32 + "$" + "0" * 64


@dataclass(frozen=True)
class User:
    """One person."""

    name: str
    role: Role
    tenant: str
    password: str
    """salt$hash, in hexadecimal"""


class UserFile:
    """Reads and writes the file; it is read anew at each log-in, so that a change counts at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_there(self) -> bool:
        """Whether anybody was added yet."""
        return self._path.is_file()

    def check(self, name: str, password: str) -> Identity | None:
        """Who this is; None when the name or the password is wrong. Both take the same time."""
        user = next((each for each in self.users() if each.name == name), None)
        is_right = _matches(password, user.password if user else _NOBODY)
        return Identity(user.role, user.tenant, person=user.name) if user and is_right else None

    def users(self) -> list[User]:
        """Everybody in the file.

        Raises:
            ConfigError: it cannot be read.
        """
        if not self.is_there:
            return []
        try:
            return [_user(each) for each in json.loads(self._path.read_text("utf-8"))]
        except (OSError, ValueError, TypeError, KeyError):
            raise ConfigError(f"{self._path} is no user file. Mend it, or delete it and add users anew.") from None

    def put(self, name: str, role: str, tenant: str) -> str:
        """Add somebody, or give them another role; a new password, shown once.

        Raises:
            BadInput: no name, or no such role.
        """
        clean = " ".join(name.split())
        known = next((one for one in ROLES if one == role), None)
        if not clean or len(clean) > 100:
            raise BadInput(f"The name is {name[:40]!r}; allowed are 1 to 100 characters. Choose another one.")
        if known is None:
            raise BadInput(f"--role {role!r} is not a role; there are: {', '.join(ROLES)}.")
        password = secrets.token_urlsafe(15)
        others = [each for each in self.users() if each.name != clean]
        self._write([*others, User(clean, known, tenant, _hashed(password))])
        return password

    def remove(self, name: str) -> None:
        """Take somebody out.

        Raises:
            BadInput: nobody has this name.
        """
        users = self.users()
        if name not in {each.name for each in users}:
            there = ", ".join(each.name for each in users) or "nobody"
            raise BadInput(f"{name[:40]!r} is not in the user file; there are: {there}.")
        self._write([each for each in users if each.name != name])

    def _write(self, users: list[User]) -> None:
        fresh = self._path.with_name(f".{self._path.name}.new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([asdict(each) for each in users], file, ensure_ascii=False, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)


def _user(given: dict[str, Any]) -> User:
    user = User(str(given["name"]), given["role"], str(given["tenant"]), str(given["password"]))
    if user.role not in ROLES or "$" not in user.password:
        raise ValueError(user.name)
    return user


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()}"


def _matches(password: str, kept: str) -> bool:
    salt, _, wanted = kept.partition("$")
    given = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_COST).hex()
    return hmac.compare_digest(given, wanted)
