#!/usr/bin/env python3
"""Asks Tereze one question and prints the answer. Python 3.9 or later, and the package `cryptography`.

    python3 ask.py PROFILE.json DOCUMENT --case NUMBER [--purpose P] [--var name=value ...]

Exit code: 0 answered, 1 refused or failed, 2 wrong use.
"""
import argparse
import base64
import hashlib
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

TIMEOUT = 30


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def as_json(value) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def sign(header: dict, claims: dict, key: ec.EllipticCurvePrivateKey) -> str:
    """A JWT signed with ES256 (RFC 7515, RFC 7518 section 3.4: r and s side by side, 32 bytes each)."""
    signed = base64url(as_json({**header, "alg": "ES256"})) + "." + base64url(as_json(claims))
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return signed + "." + base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def private_key(jwk: dict) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(base64.urlsafe_b64decode(jwk["d"] + "=="), "big")
    return ec.derive_private_key(number, ec.SECP256R1())


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict:
    point = key.public_key().public_numbers()
    return {"kty": "EC", "crv": "P-256", "x": base64url(point.x.to_bytes(32, "big")), "y": base64url(point.y.to_bytes(32, "big"))}


class Client:
    """One registered system, with a DPoP key of its own for this run (RFC 9449)."""

    def __init__(self, profile: dict):
        self.profile = profile
        self.key = private_key(profile["private_key_jwk"])
        self.proof_key = ec.generate_private_key(ec.SECP256R1())

    def proof(self, method: str, url: str, token: str = None, nonce: str = None) -> str:
        """RFC 9449 section 4.2: this request, now, with this key; with a token also its hash."""
        claims = {"jti": str(uuid.uuid4()), "htm": method, "htu": url.split("?")[0], "iat": int(time.time())}
        if token is not None:
            claims["ath"] = base64url(hashlib.sha256(token.encode()).digest())
        if nonce is not None:
            claims["nonce"] = nonce
        return sign({"typ": "dpop+jwt", "jwk": public_jwk(self.proof_key)}, claims, self.proof_key)

    def assertion(self) -> str:
        """private_key_jwt (RFC 7523 section 3): who asks for the token."""
        now = int(time.time())
        who = self.profile["client_id"]
        claims = {"iss": who, "sub": who, "aud": self.profile["issuer"], "jti": str(uuid.uuid4()), "iat": now, "exp": now + 60}
        return sign({"kid": self.profile["private_key_jwk"].get("kid")}, claims, self.key)

    def token(self, purpose: str, case: str) -> str:
        """A token for one purpose and case (RFC 9396), bound to the proof key."""
        detail = {"type": "tereze_access", "purpose": purpose}
        if case is not None:
            detail["case"] = {"agency": self.profile["agency"], "number": case}
        endpoint = self.token_endpoint()
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(),
            "resource": self.profile["audience"],
            "authorization_details": json.dumps([detail]),
        }
        status, answer, headers = post(endpoint, urllib.parse.urlencode(form).encode(), {"DPoP": self.proof("POST", endpoint)})
        if answer.get("error") == "use_dpop_nonce":  # RFC 9449 section 8
            form["client_assertion"] = self.assertion()
            status, answer, _ = post(endpoint, urllib.parse.urlencode(form).encode(), {"DPoP": self.proof("POST", endpoint, nonce=headers["DPoP-Nonce"])})
        if status != 200:
            raise SystemExit(f"the issuer gave no token: {answer.get('error', status)}")
        return answer["access_token"]

    def token_endpoint(self) -> str:
        """RFC 8414 section 3."""
        issuer = urllib.parse.urlsplit(self.profile["issuer"])
        url = f"{issuer.scheme}://{issuer.netloc}/.well-known/oauth-authorization-server{issuer.path.rstrip('/')}"
        with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
            return json.load(response)["token_endpoint"]

    def ask(self, document: str, variables: dict, purpose: str, case: str):
        token = self.token(purpose, case)
        url = self.profile["gateway"].rstrip("/") + "/graphql"
        headers = {"Authorization": f"DPoP {token}", "DPoP": self.proof("POST", url, token), "Content-Type": "application/json"}
        return post(url, as_json({"documentId": document, "variables": variables}), headers)


def post(url: str, body: bytes, headers: dict):
    request = urllib.request.Request(url, data=body, headers={"Accept": "application/json", **headers}, method="POST")
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as refused:  # a refusal is an answer like any other
        response = refused
    with response:
        return response.status, json.load(response), response.headers


def arguments():
    parser = argparse.ArgumentParser(description="Asks Tereze one question.")
    parser.add_argument("profile", help="JSON: client_id, issuer, gateway, audience, agency, private_key_jwk")
    parser.add_argument("document", help="name of a trusted document")
    parser.add_argument("--purpose", help="may be left out when the profile names one only")
    parser.add_argument("--case")
    parser.add_argument("--var", action="append", default=[], metavar="name=value")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    with open(given.profile, encoding="utf-8") as file:
        profile = json.load(file)
    purposes = [given.purpose] if given.purpose else profile.get("purposes", [])
    if len(purposes) != 1 or any("=" not in pair for pair in given.var):
        print("name one --purpose, and variables as name=value", file=sys.stderr)
        return 2
    variables = dict(pair.split("=", 1) for pair in given.var)
    _, answer, _ = Client(profile).ask(given.document, variables, purposes[0], given.case)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0 if answer.get("data") is not None else 1


if __name__ == "__main__":
    sys.exit(main())
