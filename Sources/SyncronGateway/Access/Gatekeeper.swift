import SyncronCore
import SyncronNode
import SyncronWire

/// Decides whether a request may be handled, and who pays for it.
///
/// The account's counter is read before the signature is checked, so that a flood over the limit is cheap; it is
/// charged only after the signature was good, so that whoever merely knows a key's name cannot use up its owner's
/// rate. What is not verified is charged to the address.
struct Gatekeeper: Sendable {
    let limiter: RateLimiter
    let vault: SecretVault
    let proxies: TrustedProxies
    /// Nil where nobody logs in.
    var sessions: Sessions?

    enum Decision {
        /// `caller` is nil where no key was needed or known; `standing` where nothing is counted.
        case admitted(caller: Caller?, standing: RateStanding?)
        case refused(APIError, standing: RateStanding?)
    }

    /// `parameters` as they could be read; `now` by the exchange's clock.
    func admit(
        _ request: APIRequest, to route: Route, _ parameters: Result<Parameters, APIError>, _ directory: Directory,
        now: Timestamp
    ) -> Decision {
        let weight = route.weight.of(try? parameters.get())
        let charge = RateLimiter.Charge(group: route.group, weight: weight)
        switch route.access {
        case .operations: return .admitted(caller: nil, standing: nil)
        case .anyone: return admitAnyone(request, charge, parameters, directory, now)
        case .key(let permissions), .sandboxKey(let permissions):
            if request.headers.apiKey == nil, request.headers.authorization != nil {
                return admitSession(request, to: route, charge, permissions, parameters, directory)
            }
            return admitKey(request, to: route, charge, permissions, parameters, directory, now)
        case .session:
            return admitSession(request, to: route, charge, .read, parameters, directory)
        }
    }

    /// Charges a request that reaches no handler and proves no identity to its address: what to answer is `error`,
    /// or that there were too many of them.
    func refuse(
        _ request: APIRequest, _ error: APIError, group: RouteGroup, weight: UInt32 = 1
    ) -> (APIError, RateStanding) {
        let charge = RateLimiter.Charge(group: group, weight: weight)
        switch limiter.charge(.address(address(of: request).visitor), .anonymous, charge) {
        case .within(let standing): return (error, standing)
        case .over(let standing, let retryAfter): return (.tooManyRequests(retryAfter: retryAfter), standing)
        }
    }

    private func admitAnyone(
        _ request: APIRequest, _ charge: RateLimiter.Charge, _ parameters: Result<Parameters, APIError>,
        _ directory: Directory, _ now: Timestamp
    ) -> Decision {
        let known = request.headers.apiKey.flatMap { owner(of: $0, directory) }
        let caller =
            known.flatMap { $0.key.flatMap { refusal(of: $0, request, now) } == nil ? $0 : nil }
            ?? holder(request, directory)
        let verdict =
            if let caller {
                limiter.charge(.account(caller.account.id), RateLimits(of: caller.account), charge)
            } else {
                limiter.charge(.address(address(of: request).visitor), .anonymous, charge)
            }
        if case .over(let standing, let retryAfter) = verdict {
            return .refused(.tooManyRequests(retryAfter: retryAfter), standing: standing)
        }
        if case .failure(let error) = parameters { return .refused(error, standing: verdict.standing) }
        return .admitted(caller: caller, standing: verdict.standing)
    }

    private func admitKey(
        _ request: APIRequest, to route: Route, _ charge: RateLimiter.Charge, _ permissions: Permissions,
        _ parameters: Result<Parameters, APIError>, _ directory: Directory, _ now: Timestamp
    ) -> Decision {
        /// `account`: where the account stands that the key says it belongs to. The address pays; the order rate that
        /// is shown is the account's, which has no other.
        func unverified(_ error: APIError, _ account: RateStanding? = nil) -> Decision {
            var (error, standing) = refuse(request, error, group: charge.group, weight: charge.weight)
            if let account { standing.showOrders(of: account) }
            return .refused(error, standing: standing)
        }
        guard let name = request.headers.apiKey else { return unverified(.unauthorized("X-API-KEY is missing")) }
        guard let caller = owner(of: name, directory) else { return unverified(.unauthorized("unknown API key")) }
        let payer = RateLimiter.Payer.account(caller.account.id)
        let limits = RateLimits(of: caller.account)
        let look = limiter.look(payer, limits, charge)
        if case .over(let standing, let retryAfter) = look {
            return .refused(.tooManyRequests(retryAfter: retryAfter), standing: standing)
        }
        guard let key = caller.key else { return unverified(.unauthorized(), look.standing) }
        if let error = refusal(of: key, request, now) { return unverified(error, look.standing) }
        do throws(APIError) {
            try RequestSignature(request, try parameters.get(), now: now).verify(key, vault)
        } catch {
            return unverified(error, look.standing)
        }
        return admit(caller, to: route, charge, isPermitted: !key.permissions.isDisjoint(with: permissions))
    }

    /// A request of someone who is logged in: not signed, and good for reading and trading.
    private func admitSession(
        _ request: APIRequest, to route: Route, _ charge: RateLimiter.Charge, _ permissions: Permissions,
        _ parameters: Result<Parameters, APIError>, _ directory: Directory
    ) -> Decision {
        guard let caller = holder(request, directory) else {
            let (error, standing) = refuse(
                request, .unauthorized("no session, or it has ended"), group: charge.group, weight: charge.weight)
            return .refused(error, standing: standing)
        }
        let decision = admit(
            caller, to: route, charge, isPermitted: !Caller.sessionPermissions.isDisjoint(with: permissions))
        if case .admitted(_, let standing) = decision, case .failure(let error) = parameters {
            return .refused(error, standing: standing)
        }
        return decision
    }

    /// Charges a verified caller.
    private func admit(
        _ caller: Caller, to route: Route, _ charge: RateLimiter.Charge, isPermitted: Bool
    ) -> Decision {
        let (payer, limits) = (RateLimiter.Payer.account(caller.account.id), RateLimits(of: caller.account))
        let full = RateLimiter.Charge(
            group: charge.group, weight: charge.weight, orders: isPermitted && route.orderRate == .counted ? 1 : 0)
        switch limiter.charge(payer, limits, full) {
        case .over(let standing, let retryAfter):
            return .refused(.tooManyRequests(retryAfter: retryAfter), standing: standing)
        case .within(let standing):
            guard isPermitted else {
                let who = caller.key == nil ? "a session" : "the key"
                return .refused(.forbidden("\(who) lacks the permission"), standing: standing)
            }
            return .admitted(caller: caller, standing: standing)
        }
    }

    /// Counts one order more than the request did; the refusal where that is over the rate.
    func chargeOrder(to account: Account, group: RouteGroup) -> APIError? {
        let charge = RateLimiter.Charge(group: group, weight: 0, orders: 1)
        let verdict = limiter.charge(.account(account.id), RateLimits(of: account), charge)
        if case .over(_, let retryAfter) = verdict { return .tooManyRequests(retryAfter: retryAfter) }
        return nil
    }

    /// Where the account's order rate stands now.
    func orderStanding(of account: Account, group: RouteGroup) -> RateStanding {
        let nothing = RateLimiter.Charge(group: group, weight: 0, orders: 0)
        return limiter.look(.account(account.id), RateLimits(of: account), nothing).standing
    }

    private func owner(of name: String, _ directory: Directory) -> Caller? {
        guard let key = directory.apiKey(name), let account = directory.account(key.account) else { return nil }
        return Caller(account: account, key: key, session: nil)
    }

    /// Who holds the request's access token.
    private func holder(_ request: APIRequest, _ directory: Directory) -> Caller? {
        guard let sessions, let header = request.headers.authorization,
            header.prefix(Self.scheme.count).lowercased() == Self.scheme,
            let token = sessions.holder(of: String(header.dropFirst(Self.scheme.count))),
            let account = directory.account(token.account)
        else { return nil }
        return Caller(account: account, key: nil, session: token.session)
    }

    private static let scheme = "bearer "

    /// Why the key cannot be used here and now, whoever holds it.
    private func refusal(of key: APIKey, _ request: APIRequest, _ now: Timestamp) -> APIError? {
        if let expiry = key.expiresAt, expiry <= now { return .unauthorized("the key has expired") }
        guard !key.ipRestrictions.isEmpty else { return nil }
        let address = address(of: request)
        let isAllowed = key.ipRestrictions.contains { IPNetwork($0)?.contains(address) == true }
        return isAllowed ? nil : .forbidden("the key may not be used from this address")
    }

    private func address(of request: APIRequest) -> IPAddress {
        let forwarded = proxies.isEmpty ? [] : request.headers.forwardedFor
        return proxies.address(
            peer: request.peer, forwardedFor: forwarded.isEmpty ? nil : forwarded.joined(separator: ","))
    }
}

/// Who asks: the owner of a key that was found, and on signed routes verified, or someone who is logged in.
struct Caller: Sendable {
    var account: Account
    /// Nil for sessions.
    var key: APIKey?
    var session: String?

    /// What an access token stands for.
    static let sessionPermissions: Permissions = [.read, .trade]
}
