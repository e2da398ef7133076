"""Signs what Schemathesis sends, as a client would: the query and body exactly as they go out.

Schemathesis itself is told to make up neither key nor signature: a request made invalid by leaving the signature out
would be signed here all the same, and then be right.
"""

import hashlib
import hmac
import os
import random
import re
import time
from urllib.parse import urlsplit, urlunsplit

import requests
import schemathesis

KEY = os.environ["SYNCRON_KEY"]
SECRET = os.environ["SYNCRON_SECRET"].encode()


class Signature(requests.auth.AuthBase):
    def __call__(self, request):
        parts = urlsplit(request.url)
        pairs = [pair for pair in parts.query.split("&") if pair and not pair.startswith("signature=")]
        # A timestamp that is none stays as it is: it is to be refused.
        now = int(time.time() * 1000)
        pairs = [re.sub(r"^timestamp=\d+$", f"timestamp={now}", pair) for pair in pairs]
        query = "&".join(pairs)
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        signature = hmac.new(SECRET, query.encode() + body, hashlib.sha256).hexdigest()
        query += ("&" if query else "") + "signature=" + signature
        request.url = urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
        request.headers["X-API-KEY"] = KEY
        return request


schemathesis.auth.set_from_requests(Signature())


@schemathesis.hook
def before_call(context, case, kwargs):
    """What is not verified is charged to its address: so many requests come from many of them."""
    if case.headers is None:
        case.headers = {}
    case.headers["X-Forwarded-For"] = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"
