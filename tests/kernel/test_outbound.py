"""The door for requests of ours: where they may go, and that they go just there."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from deskhand.kernel.outbound.addresses import MAIL_PORTS, BadAddress, Rules, Target, is_special, networks, read, unwrapped
from deskhand.kernel.outbound.door import Failed, Outbound, Resolve
from tests.webhooks.receiver import Got, plain, receiving

HERE = Rules(networks(["127.0.0.0/8"]))
PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1", "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::",
    "2002:a00:1::1", "2002:c0a8:101::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "192.167.255.255", "2606:4700:4700::1111", "2a00:1450::1", "64:ff9b::808:808"]
SPELLINGS = [
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://017700000001/",
    "http://127.1/", "http://127.0.1/", "http://0/", "http://127.0.0.1./", "http://LOCALHOST/", "http://localhost./",
    "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:7f00:1]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[::127.0.0.1]/", "http://169.254.169.254/latest/meta-data",
    "http://[fe80::1%25lo]/", "http://[fe80::1%lo]/", "http://①②⑦.0.0.1/", "http://127。0。0。1/",
]  # fmt: skip


def resolving(*answers: list[str]) -> Resolve:
    """A name server that gives these in turn, the last for ever."""
    left = list(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


@pytest.mark.parametrize("address", PRIVATE)
def test_special_addresses_are_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        Rules().check_address(ipaddress.ip_address(address), 443)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_not(address: str) -> None:
    Rules().check_address(ipaddress.ip_address(address), 443)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_whatever_the_standard_library_knows_as_special_is_refused(address: Any) -> None:
    plain_address = unwrapped(address)
    if not plain_address.is_global or plain_address.is_multicast:
        assert is_special(plain_address)


@pytest.mark.parametrize("url", SPELLINGS)
async def test_a_private_address_is_refused_however_it_is_spelled(url: str) -> None:
    with pytest.raises(Failed, match="refused"):
        await Outbound(Rules()).send("GET", url, headers={})


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("hooks.test", "must start with http"),
        ("ftp://hooks.test/", "must start with http"),
        ("file:///etc/passwd", "must start with http"),
        ("http:///x", "valid host"),
        ("http://a..b/", "valid host"),
        ("http://-a.b/", "valid host"),
        ("http://a b/", "without spaces"),
        ("http://a\tb/", "without spaces"),
        ("http://evil.test\\@hooks.test/", "without spaces"),
        ("http://user@hooks.test/", "user name"),
        ("http://hooks.test:0x50/", "must be a URL"),
        ("http://hooks.test:70000/", "must be a URL"),
        ("http://[::1/", "must be a URL"),
        ("http://[zz]/", "must be a URL|valid host"),
        ("https://x/" + "y" * 2048, "2048"),
    ],
)
def test_what_is_no_url_is_refused(url: str, told: str) -> None:
    with pytest.raises(BadAddress, match=told):
        read(url)


def test_a_url_is_read_as_it_will_be_asked() -> None:
    assert read("HTTPS://Bücher.Example:8443/pfad/ä?q=ü&r=%20#top") == Target(
        "https", "xn--bcher-kva.example", 8443, "/pfad/%C3%A4?q=%C3%BC&r=%20"
    )
    assert read("http://hooks.test?x=1").path == "/?x=1"
    assert read("http://hooks.test./").host_header == "hooks.test"
    assert read("https://[2606:4700::1]:8443/").host_header == "[2606:4700::1]:8443"


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_ports_are_limited_but_in_allowed_networks(port: int) -> None:
    with pytest.raises(BadAddress, match=f"port {port}"):
        Rules().check_address(ipaddress.ip_address("8.8.8.8"), port)
    HERE.check_address(ipaddress.ip_address("127.0.0.1"), port)
    HERE.check_address(ipaddress.ip_address("::ffff:127.0.0.1"), port)
    Rules(ports=(port,)).check_address(ipaddress.ip_address("8.8.8.8"), port)


async def test_a_request_arrives_as_it_was_sent() -> None:
    with receiving() as it:
        url = f"http://hooks.test:{it.port}/in?x=1"
        got = await Outbound(HERE, resolve=resolving(["127.0.0.1"])).send("POST", url, headers={"X-A": "b"}, body=b"{}")

    (request,) = it.got
    assert (got.status, got.body, got.is_cut) == (200, b"thanks", False)
    assert (request.path, request.body) == ("/in?x=1", b"{}")
    assert request.headers == {
        "host": f"hooks.test:{it.port}",
        "connection": "close",
        "accept": "*/*",
        "content-length": "2",
        "x-a": "b",
    }


async def test_a_name_that_changes_its_address_gains_nothing() -> None:
    """DNS rebinding: what was checked is what is connected to; the name is asked once."""
    asked: list[str] = []
    with receiving() as allowed:

        async def resolve(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

        outbound = Outbound(Rules(networks(["127.0.0.1"])), resolve=resolve)
        await outbound.send("POST", f"http://rebind.test:{allowed.port}/", headers={})
        assert asked == ["rebind.test"]
        with pytest.raises(Failed, match=r"refused: 127\.0\.0\.9"):
            await outbound.send("POST", f"http://rebind.test:{allowed.port}/", headers={})
    assert len(allowed.got) == 1


async def test_one_bad_address_among_good_ones_is_enough() -> None:
    with pytest.raises(Failed, match="refused"):
        await Outbound(Rules(), resolve=resolving(["8.8.8.8", "10.0.0.1"])).send("GET", "http://mixed.test/", headers={})


async def test_of_several_addresses_the_next_is_tried() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with receiving() as it:
        outbound = Outbound(HERE, resolve=resolving(["127.0.0.2", "127.0.0.1"]))
        assert (await outbound.send("GET", f"http://two.test:{it.port}/", headers={})).status == 200
        with pytest.raises(Failed, match="cannot connect"):
            await outbound.send("GET", f"http://two.test:{port}/", headers={})


async def test_redirects_are_followed_when_wanted_and_each_is_checked() -> None:
    with receiving() as it:
        steps = {"/0": "/1", "/1": "/2", "/2": "/3", "/evil": "http://169.254.169.254/"}

        def answer(handler: Any, got: Got) -> None:
            to = steps.get(got.path)
            plain(handler, 302, Location=to) if to else plain(handler, 200, b"end")

        it.answer = answer
        outbound, origin = Outbound(HERE), f"http://127.0.0.1:{it.port}"
        assert (await outbound.send("GET", f"{origin}/0", headers={})).status == 302
        assert (await outbound.send("GET", f"{origin}/0", headers={}, redirects=3)).body == b"end"
        with pytest.raises(Failed, match="refused"):
            await outbound.send("GET", f"{origin}/evil", headers={}, redirects=3)
        steps["/3"] = "/0"
        it.got.clear()
        with pytest.raises(Failed, match="more than 3 redirects"):
            await outbound.send("GET", f"{origin}/0", headers={}, redirects=9)
        assert len(it.got) == 4
        with pytest.raises(ValueError, match="only a GET"):
            await outbound.send("POST", f"{origin}/0", headers={}, redirects=1)


async def test_a_slow_rest_is_cut_off_but_the_status_counts() -> None:
    with receiving() as it:

        def drip(handler: Any, got: Got) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            while not it.stopped.wait(0.05):
                handler.wfile.write(b"x")

        it.answer = drip
        got = await Outbound(HERE).send("POST", it.url, headers={}, seconds=2)

    assert (got.status, got.is_cut) == (200, True)
    assert 0 < len(got.body) < 1000


@pytest.mark.parametrize(
    "said",
    [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 20000],
)
async def test_what_is_no_http_is_a_failure(said: bytes) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Failed, match="broken answer"):
        await Outbound(HERE).send("POST", f"http://127.0.0.1:{port}/", headers={})
    server.close()
    await server.wait_closed()


async def test_time_runs_out_while_a_name_is_looked_up() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return []

    with pytest.raises(Failed, match="no answer in time"):
        await Outbound(HERE, resolve=never).send("GET", "http://slow.test/", headers={}, seconds=0.1)


async def test_an_unknown_name_and_a_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with receiving() as it:
        assert (await Outbound(HERE).send("GET", it.url, headers={})).status == 200
    with pytest.raises(Failed, match="cannot connect"):
        await Outbound(Rules()).send("GET", "http://nobody.invalid/", headers={})


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[[str], tuple[ssl.SSLContext, ssl.SSLContext]]:
    """A server's context with a certificate for a name, and a client's that trusts just its issuer."""

    def make(name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        key = ec.generate_private_key(ec.SECP256R1())
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(named)
            .issuer_name(named)
            .public_key(key.public_key())
            .serial_number(int.from_bytes(os.urandom(8), "big"))
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = made.public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        file = tmp_path / f"{name}.pem"
        file.write_bytes(secret + pem)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(file)
        return server, ssl.create_default_context(cadata=pem.decode())

    return make


MAIL = Rules(networks(["127.0.0.0/8"]), MAIL_PORTS)


async def test_a_mail_server_is_connected_to_by_the_address_that_was_checked() -> None:
    with receiving() as it:
        with await Outbound(MAIL, resolve=resolving(["127.0.0.1"])).connect("imap.test", it.port) as made:
            assert made.getpeername() == ("127.0.0.1", it.port)
        with pytest.raises(Failed, match="not a public address"):
            await Outbound(Rules((), MAIL_PORTS), resolve=resolving(["127.0.0.1"])).connect("imap.test", 993)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "::1", "10.0.0.1", "a b", "", "-x", "a..b"])
async def test_a_mail_server_in_a_private_network_or_without_a_name_is_refused(host: str) -> None:
    with pytest.raises(Failed, match="refused"):
        await Outbound(Rules((), MAIL_PORTS)).connect(host, 993)


async def test_a_public_mail_server_is_asked_at_ports_of_mail_only() -> None:
    with pytest.raises(Failed, match="must not name port 22"):
        await Outbound(MAIL, resolve=resolving(["8.8.8.8"])).connect("imap.test", 22)


async def test_of_several_addresses_one_that_answers_is_taken() -> None:
    with receiving() as it:
        closed = Outbound(MAIL, resolve=resolving(["127.0.0.2", "127.0.0.1"]))
        with await closed.connect("imap.test", it.port) as made:
            assert made.getpeername()[0] == "127.0.0.1"


async def test_over_tls_the_name_is_checked_not_the_address(certificate: Any) -> None:
    server, trust = certificate("hooks.test")
    seen: list[str | None] = []
    server.sni_callback = lambda connection, name, context: seen.append(name)
    with receiving(server) as it:
        outbound = Outbound(HERE, resolve=resolving(["127.0.0.1"]), trust=trust)
        assert (await outbound.send("POST", f"https://hooks.test:{it.port}/", headers={}, body=b"{}")).status == 200
        with pytest.raises(Failed, match=r"cannot connect.*certificate"):
            await outbound.send("POST", f"https://other.test:{it.port}/", headers={})
        with pytest.raises(Failed, match=r"cannot connect.*certificate"):
            await Outbound(HERE).send("POST", it.url, headers={})
        assert [each.headers["host"] for each in it.got] == [f"hooks.test:{it.port}"]
    assert seen[:2] == ["hooks.test", "other.test"]
