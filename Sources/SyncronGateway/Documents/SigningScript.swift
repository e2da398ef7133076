extension HTMLPages {
    /// Signs what is tried out on the page, as the guide to authentication says: `signed` takes a request of Swagger UI,
    /// the OpenAPI document, key and secret, and the exchange's time in milliseconds. Requests that need no signature
    /// stay as they are. The secret never leaves the page.
    static let signingScript = """
        async function signed(request, spec, key, secret, time) {
          const url = new URL(request.url, globalThis.location?.href);
          const method = (request.method || "GET").toLowerCase();
          const security = spec.paths[url.pathname]?.[method]?.security ?? [];
          if (!key || !secret || !security.some(scheme => "signature" in scheme)) return request;
          url.searchParams.delete("signature");
          url.searchParams.set("timestamp", await time());
          if (request.body && typeof request.body !== "string") request.body = JSON.stringify(request.body);
          const bytes = text => new TextEncoder().encode(text);
          const hmac = await crypto.subtle.importKey(
            "raw", bytes(secret), {name: "HMAC", hash: "SHA-256"}, false, ["sign"]);
          const code = await crypto.subtle.sign("HMAC", hmac, bytes(url.search.slice(1) + (request.body ?? "")));
          const hex = Array.from(new Uint8Array(code), byte => byte.toString(16).padStart(2, "0")).join("");
          request.url = url.href + "&signature=" + hex;
          request.headers = {...request.headers, "X-API-KEY": key};
          return request;
        }
        """

    /// Where key and secret are typed in.
    static let signingForm = """
        <p>Calls that want a signature are signed here with
        <label>API key <input id="key" autocomplete="off" size="24"></label>
        <label>and secret <input id="secret" type="password" autocomplete="off" size="24"></label>;
        the secret stays in this page. <span id="unable"></span></p>
        """
}
