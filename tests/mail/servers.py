"""Real mail servers on this machine, as its user or as root, each in a folder of its own: Dovecot, Exim."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "tr0ut lake"
USER = "help@desk.test"
START_SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def needed(program: str, package: str) -> str:
    """Where a program is; without it the test is skipped, loudly."""
    found = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        told = f"ONLY HALF TESTED: {program} is not here; 'apt-get install {package}' brings it"
        warnings.warn(told, stacklevel=2)
        pytest.skip(told)
    return found


class Dovecot:
    """An IMAP server with one user, whose folder is a Maildir that tests put files into."""

    def __init__(self, folder: Path, program: str, *, token_port: int) -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self._program = program
        self._token_port = token_port
        self._user = "nobody" if os.getuid() == 0 else getpass.getuser()
        self._process: subprocess.Popen[bytes] | None = None
        self._delivered = 0
        self.config = folder / "dovecot.conf"
        self._write()

    @property
    def inbox(self) -> Path:
        return self.folder / "mail" / USER

    @property
    def certificate(self) -> Path:
        return self.folder / "cert.pem"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "-F", "-c", str(self.config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.port)

    def stop(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)  # its farewell would take a second
            self._process.wait(timeout=20)
            self._process = None
            for left in (self.folder / "run" / "master.pid", *self.inbox.rglob("*.lock")):  # a lock counts for minutes
                left.unlink(missing_ok=True)

    def deliver(self, *messages: bytes, folder: str = "") -> None:
        """Put messages into the folder, as a server for incoming mail would; also while this one is down."""
        place = self.inbox / folder
        for each in messages:
            self._delivered += 1
            name = f"{time.time_ns() // 1000}.M{self._delivered:08d}.test"
            (place / "tmp" / name).write_bytes(each)
            self._own(place / "tmp" / name)
            (place / "tmp" / name).rename(place / "new" / name)

    def forget_numbers(self) -> None:
        """Make another UIDVALIDITY: as if the folder had been restored from a backup."""
        for each in [*self.inbox.glob("dovecot*"), *self.inbox.glob(".*/dovecot*")]:
            each.unlink()

    def names(self, folder: str = "") -> list[str]:
        """The files of a folder, with their flags behind ``:2,``."""
        return sorted(each.name for part in ("new", "cur") for each in (self.inbox / folder / part).glob("*"))

    def _write(self) -> None:
        for each in ("run", "state", *(f"mail/{USER}/{part}" for part in ("new", "cur", "tmp"))):
            (self.folder / each).mkdir(parents=True)
        user = pwd.getpwnam(self._user)
        group = grp.getgrgid(user.pw_gid).gr_name
        certify(self.certificate, self.folder / "key.pem")
        (self.folder / "passwd").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.folder / "oauth2.conf").write_text(
            f"tokeninfo_url = http://127.0.0.1:{self._token_port}/check?access_token=\nusername_attribute = email\n"
        )
        self.config.write_text(f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/state
log_path = {self.folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{self.certificate}
ssl_key = <{self.folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
default_internal_user = {self._user}
default_internal_group = {group}
default_login_user = {self._user}
default_vsz_limit = 0
first_valid_uid = 1
mail_location = maildir:{self.folder}/mail/%u
mail_fsync = never
maildir_very_dirty_syncs = no
imap_idle_notify_interval = 2 min
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = username_format=%u {self.folder}/passwd
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {self.folder}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={self._user} gid={group} home={self.folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
""")
        for path, _, files in os.walk(self.folder):
            self._own(Path(path))
            for name in files:
                self._own(Path(path) / name)
        self.folder.chmod(0o755)

    def _own(self, path: Path) -> None:
        if os.getuid() == 0:
            user = pwd.getpwnam(self._user)
            os.chown(path, user.pw_uid, user.pw_gid)


@contextmanager
def dovecot(*, token_port: int = 1) -> Iterator[Dovecot]:
    """A running IMAP server; skips where Dovecot 2.3 is not installed."""
    program = needed("dovecot", "dovecot-imapd")
    folder = Path(tempfile.mkdtemp(prefix="dove-"))  # short: paths of sockets are
    made = Dovecot(folder, program, token_port=token_port)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Exim:
    """A mail server that pipes whatever comes to a command, and keeps what the command does not take."""

    def __init__(self, folder: Path, program: str, command: str, environment: dict[str, str]) -> None:
        self.folder = folder
        self.port = free_port()
        self._log = folder / "mainlog"
        # Exim never delivers as root; in a name space of its own root may be somebody else.
        self._run = ["unshare", "-U", "--map-user=65534", "--map-group=65534"] if os.getuid() == 0 else []
        self._exim = [program, "-C", str(folder / "exim.conf")]
        user = "65534" if os.getuid() == 0 else str(os.getuid())
        group = "65534" if os.getuid() == 0 else str(os.getgid())
        told = ":".join(f"{name}={value}" for name, value in environment.items())
        (folder / "spool").mkdir()
        (folder / "exim.conf").write_text(f"""
exim_path = {program}
primary_hostname = mx.desk.test
exim_user = {user}
exim_group = {group}
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
pid_file_path = {folder}/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = {self.port}
acl_smtp_rcpt = everybody
never_users =
keep_environment =
smtp_accept_max = 100
queue_run_max = 2
begin acl
everybody:
  accept
begin routers
desk:
  driver = accept
  transport = desk
begin transports
desk:
  driver = pipe
  command = {command}
  environment = {told}
  temp_errors = 75
  return_fail_output
  log_output
  message_prefix =
  message_suffix =
  current_directory = /
  home_directory = /
  timeout = 60s
begin retry
* * F,4d,1s
""")

    def start(self) -> None:
        with self._log.open("ab") as log:  # to which it writes where it is not root
            daemon = [*self._run, *self._exim, "-bdf"]
            self._process = subprocess.Popen(daemon, start_new_session=True, stdout=subprocess.DEVNULL, stderr=log)
        wait_for(self.port)

    def run_queue(self) -> None:
        """Try everything that was kept, and wait for it."""
        with self._log.open("ab") as log:
            subprocess.run([*self._run, *self._exim, "-qff"], check=True, stderr=log, timeout=120)

    def queued(self) -> int:
        """How many messages it keeps."""
        done = subprocess.run([*self._run, *self._exim, "-bpc"], check=True, capture_output=True, text=True, timeout=30)
        return int(done.stdout.strip() or 0)

    def log(self) -> str:
        return self._log.read_text()

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=20)


@contextmanager
def exim(command: str, environment: dict[str, str]) -> Iterator[Exim]:
    """A running mail server that pipes to a command; skips where Exim 4 is not installed."""
    program = needed("exim4", "exim4-daemon-light")
    folder = Path(tempfile.mkdtemp(prefix="exim-"))
    made = Exim(folder, program, command, environment)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def certify(certificate: Path, key: Path) -> None:
    """Make a certificate for ``localhost`` that vouches for itself."""
    secret = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(secret, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    certificate.write_bytes(made.public_bytes(pem))
    key.write_bytes(secret.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing listens on port {port}")
