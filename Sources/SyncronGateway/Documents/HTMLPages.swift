/// The pages for people: whole and without anything from elsewhere.
enum HTMLPages {
    static func front(_ routes: [Route], isSandbox: Bool) -> String {
        page(
            "Syncron",
            """
            <h1>Syncron</h1>
            <p>A cryptocurrency exchange runs here\(isSandbox ? ", with a sandbox: its money is for play" : "").</p>
            <ul>
            <li><a href="/docs">/docs</a>: all calls, to be tried from the page</li>
            <li><a href="/openapi.json">/openapi.json</a>: the same for programs (OpenAPI 3.1)</li>
            <li><code>/v1/…</code>: REST, \(routes.count { $0.access != .operations }) calls; \
            for a start <a href="/v1/market/exchangeInfo">the markets</a> and \
            <a href="/v1/market/ticker">their tickers</a></li>
            <li><code>/v1/ws</code>, <code>/v1/stream</code>: WebSocket on the same port</li>
            <li><a href="/health/live">/health/live</a>, <a href="/health/ready">/health/ready</a>, \
            <a href="/metrics">/metrics</a>: for operators</li>
            </ul>
            """)
    }

    static let swaggerUI = page(
        "Syncron: all calls",
        """
        \(signingForm)
        <div id="ui"></div>
        <script src="/docs/swagger-ui-bundle.js"></script>
        <script>
        \(signingScript)
        const typed = id => document.getElementById(id).value.trim();
        const time = async () => (await (await fetch("/v1/time")).json()).serverTime;
        if (!globalThis.crypto?.subtle) document.getElementById("unable").textContent =
          "This browser signs only pages that come over HTTPS or from this machine.";
        fetch("/openapi.json").then(answer => answer.json()).then(spec => SwaggerUIBundle({
          spec, dom_id: "#ui", deepLinking: true, validatorUrl: null, persistAuthorization: false,
          tryItOutEnabled: true,
          requestInterceptor: request => signed(request, spec, typed("key"), typed("secret"), time)}));
        </script>
        """, head: #"<link rel="stylesheet" href="/docs/swagger-ui.css">"#)

    /// Every route with its parameters, for where Swagger UI is not installed.
    static func listing(_ routes: [Route]) -> String {
        let sections = routes.map { route in
            let rows = route.allParameters.map { parameter in
                "<tr><td><code>\(escaped(parameter.name))</code></td>"
                    + "<td>\(parameter.isRequired ? "required" : "optional")</td>"
                    + "<td>\(escaped(parameter.note))</td><td><code>\(escaped(parameter.example))</code></td></tr>"
            }
            return """
                <h2><code>\(escaped(route.name))</code></h2>
                <p>\(escaped(route.summary)). Weight \(escaped(route.weight.words)).\
                \(route.isSigned ? " Signed." : "")</p>
                <table>\(rows.joined())</table>
                """
        }
        return page(
            "Syncron: all calls",
            "<h1>All calls</h1>\n<p>The same for programs: <a href=\"/openapi.json\">/openapi.json</a>.</p>\n"
                + sections.joined(separator: "\n"))
    }

    private static func page(_ title: String, _ body: String, head: String = "") -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title)</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        td { padding: 0 1rem 0 0; vertical-align: top }
        </style>
        \(head)
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
