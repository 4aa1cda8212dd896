"""Signatures. The first Twilio example is the one of its documentation and SDK tests; the others are made here."""

import base64
import hashlib
import hmac

import pytest

from copilot.errors import AccessDenied
from copilot.feeds import Deliveries, TwilioSecrets, check_standard, check_twilio, sign_standard

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]
DOCUMENTED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
SECRET = "a-secret-of-24-characters"
NOW = 1_800_000_000.0


def twilio(
    signature: str,
    url: str = URL,
    fields: list[tuple[str, str]] | None = None,
    more_headers: dict[str, str] | None = None,
) -> None:
    headers = {"x-twilio-signature": signature, **(more_headers or {})}
    check_twilio(headers, url, FIELDS if fields is None else fields, b"x", TwilioSecrets(TOKEN, "shared key"))


def mac(key: str, signed: str, algorithm: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), signed.encode(), algorithm).digest()).decode()


def test_the_documented_example_passes_in_any_order_of_its_fields() -> None:
    twilio(DOCUMENTED)
    twilio(DOCUMENTED, fields=FIELDS[::-1])


@pytest.mark.parametrize("signature", ["", DOCUMENTED[:-1], DOCUMENTED.lower(), "ü"])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    with pytest.raises(AccessDenied, match="X-Twilio-Signature"):
        twilio(signature)


def test_a_changed_field_address_or_added_field_is_refused() -> None:
    for url, fields in (
        (URL, [*FIELDS[:-1], ("To", "+18005551213")]),
        (URL + "0", FIELDS),
        (URL, [*FIELDS, ("Extra", "1")]),
        (URL, []),
    ):
        with pytest.raises(AccessDenied, match="X-Twilio-Signature"):
            twilio(DOCUMENTED, url, fields)


def test_twilio_may_sign_the_address_with_its_port_or_without() -> None:
    signed = "".join(name + value for name, value in FIELDS)
    with_port = mac(TOKEN, "https://mycompany.com:443/myapp.php?foo=1&bar=2" + signed, "sha1")
    twilio(with_port)
    twilio(DOCUMENTED, "https://mycompany.com:443/myapp.php?foo=1&bar=2")


def test_a_json_body_is_covered_by_its_hash_in_the_address() -> None:
    url = f"https://a.example/f?bodySHA256={hashlib.sha256(b'x').hexdigest()}"
    twilio(mac(TOKEN, url, "sha1"), url, [])
    other = f"https://a.example/f?bodySHA256={hashlib.sha256(b'y').hexdigest()}"
    for unsigned_body in (other, "https://a.example/f"):
        with pytest.raises(AccessDenied):
            twilio(mac(TOKEN, unsigned_body, "sha1"), unsigned_body, [])


def test_the_newer_form_is_sha256_with_the_shared_key() -> None:
    settings = {"x-twilio-webhooks-signature-settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    signed = URL + "".join(name + value for name, value in FIELDS)
    twilio(mac("shared key", signed, "sha256"), more_headers=settings)
    for wrong in (mac(TOKEN, signed, "sha256"), DOCUMENTED):
        with pytest.raises(AccessDenied):
            twilio(wrong, more_headers=settings)
    with pytest.raises(AccessDenied, match="HMAC_SHA1, HMAC_SHA256"):
        twilio(DOCUMENTED, more_headers={"x-twilio-webhooks-signature-settings": "algorithm=MD5"})


def test_without_a_secret_nobody_passes_and_the_setting_is_named() -> None:
    unset = mac("", URL, "sha1")
    with pytest.raises(AccessDenied, match="COPILOT_FEED_TWILIO_AUTH_TOKEN"):
        check_twilio({"x-twilio-signature": unset}, URL, [], b"", TwilioSecrets())
    headers = {"x-twilio-webhooks-signature-settings": "algorithm=HMAC_SHA256"}
    with pytest.raises(AccessDenied, match="COPILOT_FEED_TWILIO_SHARED_KEY"):
        check_twilio(headers, URL, [], b"", TwilioSecrets("token"))
    with pytest.raises(AccessDenied, match="COPILOT_FEED_SECRET is not set"):
        check_standard({}, b"", " ", now_s=NOW)


def standard(body: bytes = b"{}", *, secret: str = SECRET, at: float = NOW, key: bytes | None = None) -> dict[str, str]:
    timestamp = str(int(at))
    signature = sign_standard(key or secret.encode(), "msg_1", timestamp, body)
    return {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature}


def test_the_example_of_the_standard_passes() -> None:
    """From the Standard Webhooks specification's own reference tests."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert check_standard(headers, body, secret, now_s=1614265330.0) == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_one_of_several_signatures_and_one_of_several_secrets_is_enough() -> None:
    headers = standard()
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert check_standard(headers, b"{}", f"the-older-secret-of-ours {SECRET}", now_s=NOW) == "msg_1"


def test_another_body_id_secret_or_no_signature_is_refused() -> None:
    headers = standard()
    for changed, body in (
        (headers, b"{ }"),
        ({**headers, "webhook-id": "msg_2"}, b"{}"),
        (standard(key=b"another-secret-of-ours"), b"{}"),
        ({**headers, "webhook-signature": ""}, b"{}"),
        ({**headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")}, b"{}"),
    ):
        with pytest.raises(AccessDenied, match="webhook-signature"):
            check_standard(changed, body, SECRET, now_s=NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_is_good_for_five_minutes_either_way(seconds: int) -> None:
    check_standard(standard(at=NOW + seconds * 300 / 301), b"{}", SECRET, now_s=NOW)
    with pytest.raises(AccessDenied, match="webhook-timestamp"):
        check_standard(standard(at=NOW + seconds), b"{}", SECRET, now_s=NOW)


@pytest.mark.parametrize("timestamp", ["", "soon", "-1", "1.5", "١٢٣", "9" * 5000])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    signature = sign_standard(SECRET.encode(), "msg_1", timestamp, b"{}")
    headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature}
    with pytest.raises(AccessDenied, match="webhook-timestamp"):
        check_standard(headers, b"{}", SECRET, now_s=NOW)


def test_a_secret_that_is_short_or_no_base64_opens_nothing() -> None:
    with pytest.raises(AccessDenied, match="shorter than 16"):
        check_standard(standard(secret="short"), b"{}", "short", now_s=NOW)
    with pytest.raises(AccessDenied, match="no base64"):
        check_standard(standard(), b"{}", "whsec_***", now_s=NOW)


def test_a_delivery_is_known_once_it_is_remembered_and_forgotten_after_the_window() -> None:
    deliveries = Deliveries()
    assert not deliveries.is_repeat("a", NOW)
    deliveries.remember("a", NOW)
    assert deliveries.is_repeat("a", NOW + 599)
    assert not deliveries.is_repeat("a", NOW + 601)
