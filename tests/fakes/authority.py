"""A certification authority of the tests' own, and keys that sign: real CMS, made and checked by OpenSSL."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

OPENSSL = shutil.which("openssl")
SIGN = "keyUsage=digitalSignature,nonRepudiation\nextendedKeyUsage=emailProtection,1.2.398.3.3.4.1.1\n"
AUTH = "keyUsage=digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth,1.2.398.3.3.4.1.1\n"


def run(*args: object, content: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """One command of openssl."""
    return subprocess.run(
        [OPENSSL or "openssl", *map(str, args)], input=content, capture_output=True, check=False
    )


def must(*args: object, content: bytes = b"") -> bytes:
    done = run(*args, content=content)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass(frozen=True)
class Key:
    """A person's key with its certificate."""

    certificate: Path
    private: Path
    serial: int
    iin: str
    usage: str


@dataclass
class Authority:
    """Issues, revokes, and vouches for what it issued."""

    folder: Path
    revoked: set[int] = field(default_factory=set)
    _serials: count[int] = field(default_factory=lambda: count(100))

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.key, self.certificate = self.folder / "ca.key", self.folder / "ca.pem"
        must(
            *self._new_key("req", "-x509", "-days", 3650),
            "-keyout",
            self.key,
            "-out",
            self.certificate,
            "-subj",
            "/C=KZ/CN=TEST CA",
        )

    @staticmethod
    def _new_key(*before: object) -> tuple[object, ...]:
        return (*before, *"-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -utf8".split())

    def issue(self, iin: str, *, usage: str = "SIGN", days: int = 365, name: str = "СЫНАҚОВ МЫСАЛ") -> Key:
        """A key for a person, with a certificate as the national authority's: the ИИН in the subject's serial number."""
        serial = next(self._serials)
        private, request, issued = (self.folder / f"{serial}.{end}" for end in ("key", "csr", "pem"))
        must(
            *self._new_key("req", "-new"),
            "-keyout",
            private,
            "-out",
            request,
            "-subj",
            f"/C=KZ/CN={name}/serialNumber=IIN{iin}",
        )
        extensions = self.folder / f"{serial}.ext"
        extensions.write_text(SIGN if usage == "SIGN" else AUTH)
        must(
            "x509",
            "-req",
            "-in",
            request,
            "-CA",
            self.certificate,
            "-CAkey",
            self.key,
            "-set_serial",
            serial,
            "-days",
            days,
            "-extfile",
            extensions,
            "-out",
            issued,
        )
        return Key(issued, private, serial, iin, usage)

    @staticmethod
    def sign(key: Key, content: bytes, *more: Key) -> bytes:
        """CMS (DER) with the content inside."""
        signers = [
            part for one in (key, *more) for part in ("-signer", one.certificate, "-inkey", one.private)
        ]
        return must("cms", "-sign", "-binary", "-nodetach", "-outform", "DER", *signers, content=content)

    def vouches(self, cms: bytes, at: datetime) -> bool:
        """Whether every signature fits and its certificate is ours and within its dates then."""
        checked = run(
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-CAfile",
            self.certificate,
            "-purpose",
            "any",
            "-attime",
            int(at.timestamp()),
            content=cms,
        )
        return checked.returncode == 0


def content_of(cms: bytes) -> bytes | None:
    """What was signed, whether or not the signature holds; None for what is no CMS with content."""
    taken = run("cms", "-verify", "-noverify", "-nosigs", "-binary", "-inform", "DER", content=cms)
    return taken.stdout if taken.returncode == 0 else None


def signers_of(cms: bytes, folder: Path) -> list[Path]:
    """The signers' certificates."""
    found = folder / "signers.pem"
    found.unlink(missing_ok=True)
    run("cms", "-verify", "-noverify", "-nosigs", "-inform", "DER", "-signer", found, content=cms)
    blocks = found.read_text().split("-----END CERTIFICATE-----\n")[:-1] if found.exists() else []
    paths = []
    for number, block in enumerate(blocks):
        path = folder / f"signer-{number}.pem"
        path.write_text(f"{block}-----END CERTIFICATE-----\n")
        paths.append(path)
    return paths


def described(certificate: Path) -> dict[str, str]:
    """Subject, serial, dates and usage as OpenSSL prints them."""
    printed = must(
        "x509",
        "-in",
        certificate,
        *"-noout -subject -nameopt utf8,sep_comma_plus,sname -serial -dates -ext keyUsage".split(),
    ).decode()
    lines = dict(
        line.split("=", 1) for line in printed.splitlines() if "=" in line and not line.startswith(" ")
    )
    return {**lines, "usage": printed}
