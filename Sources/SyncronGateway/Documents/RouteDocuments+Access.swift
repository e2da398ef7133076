import SyncronCore

extension RouteDocuments {
    private static let email = ParameterDocument.required("email", .text, "The login's name.", "ann@example.org")
    private static let password = ParameterDocument.required(
        "password", .text, "12 characters or more.", "correct horse battery")
    private static let refreshToken = ParameterDocument.required(
        "refreshToken", .text, "What the login or the last refresh answered.")
    private static let code = ParameterDocument.required(
        "twoFactorCode", .text, "The six digits of the second factor.", "123456")
    private static let codeWhenEnabled = ParameterDocument.optional(
        "twoFactorCode", .text, "The six digits, where a second factor is enabled.", "123456")
    private static let keyFields: [ParameterDocument] = [
        .optional("ipRestrictions", .list(.text), "Addresses and networks it may be used from.", "127.0.0.1"),
        .optional("expiresAt", .time, "When it ends, in milliseconds; 0 or null: never.", "4102444800000"),
        codeWhenEnabled,
    ]
    private static let permissions = ParameterDocument.Form.list(.word(Permissions.words.map(\.word)))
    private static let keyID = ParameterDocument.path("keyId", "The key's name.")

    static let access: [(String, RouteDocument)] = [
        (
            "POST /v1/auth/register",
            RouteDocument(.fields(["accountId": .integer, "email": .text]), email, password, refusals: [409])
        ),
        (
            "POST /v1/auth/login",
            RouteDocument(.named("Session"), email, password, codeWhenEnabled, refusals: [401, 403])
        ),
        ("POST /v1/auth/refresh", RouteDocument(.named("Session"), refreshToken, refusals: [401])),
        (
            "POST /v1/auth/logout",
            RouteDocument(
                .named("Empty"),
                .optional("refreshToken", .text, "The session that ends, without an access token of it."),
                refusals: [401])
        ),
        (
            "PUT /v1/user/password",
            RouteDocument(
                .named("Empty"),
                .required("oldPassword", .text, "The one it has been.", "correct horse battery"),
                .required("newPassword", .text, "12 characters or more.", "correct horse battery"),
                codeWhenEnabled)
        ),
        ("GET /v1/user/api-keys", RouteDocument(.list(.named("ApiKey")))),
        (
            "POST /v1/user/api-keys",
            RouteDocument(
                .named("ApiKey"),
                [
                    .required("name", .text, "What it is for.", "desk"),
                    .required("permissions", permissions, "What it may do.", "read"),
                    .optional("ed25519PublicKey", .text, "Base64 or PEM; without it a secret is made.", "MCowBQ"),
                ] + keyFields, refusals: [409])
        ),
        (
            "PUT /v1/user/api-keys/{keyId}",
            RouteDocument(
                .named("ApiKey"),
                [
                    keyID, .optional("name", .text, "What it is for.", "desk"),
                    .optional("permissions", permissions, "What it may do.", "read"),
                ] + keyFields, refusals: [404])
        ),
        ("DELETE /v1/user/api-keys/{keyId}", RouteDocument(.named("Empty"), keyID, codeWhenEnabled, refusals: [404])),
        (
            "POST /v1/user/2fa/enable",
            RouteDocument(.fields(["secret": .text, "otpauthUrl": .text]), refusals: [409])
        ),
        ("POST /v1/user/2fa/verify", RouteDocument(.fields(["enabled": .flag]), code, refusals: [401, 409])),
        ("POST /v1/user/2fa/disable", RouteDocument(.fields(["enabled": .flag]), code, refusals: [401, 409])),
    ]
}
