public import NIOCore
import NIOPosix
import SyncronCore
public import SyncronNode
import SyncronWire

/// The exchange's public REST interface: finds the route, lets the gatekeeper decide, runs the handler, and says
/// where the caller stands.
public final class PublicService: APIService {
    private let services: Services
    private let router: Router
    private let replies = CommandReplyHub()
    private let metrics: RequestMetrics

    /// - Parameters:
    ///   - vault: opens the secrets of API keys.
    ///   - proxies: peers whose `X-Forwarded-For` is believed.
    ///   - swaggerUI: the folder with the files of Swagger UI; nil where it is not installed.
    public convenience init(
        node: Node, vault: SecretVault, proxies: TrustedProxies = .none, swaggerUI: String? = nil
    ) {
        self.init(
            node: node, gatekeeper: Gatekeeper(limiter: RateLimiter(), vault: vault, proxies: proxies),
            swaggerUI: swaggerUI)
    }

    init(node: Node, gatekeeper: Gatekeeper, web: WebAccess? = nil, swaggerUI: String? = nil) {
        let web = web ?? WebAccess(vault: gatekeeper.vault)
        var gatekeeper = gatekeeper
        gatekeeper.sessions = web.sessions
        services = Services(node: node, gatekeeper: gatekeeper, web: web, swaggerUI: swaggerUI)
        router = Router(RouteTable.all)
        metrics = RequestMetrics(node.metrics.registry)
    }

    public func respond(to request: APIRequest) async -> APIResponse {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        return await withUnsafeContinuation { continuation in
            eventLoop.execute {
                _ = self.respond(to: request, eventLoop: eventLoop) {
                    continuation.resume(returning: (try? $0.get()) ?? APIResponse(.unexpected))
                }
            }
        }
    }

    public func respond(to request: APIRequest, eventLoop: any EventLoop, answer: @escaping Answer) -> Bool {
        let answering = Answering(startedAt: WallClock.monotonicNanoseconds(), metrics: metrics)
        switch admit(request) {
        case .refused(let error, let route, let standing):
            answer(.success(answering.finish(.failure(error), route, standing)))
        case .admitted(let route, let call, let standing):
            run(route, call, eventLoop, Reply(answering: answering, route: route, standing: standing, answer: answer))
        }
        return true
    }

    /// Where the outcome of an admitted request goes.
    private struct Reply {
        let answering: Answering
        let route: Route
        let standing: RateStanding?
        let answer: Answer

        func finish(_ result: Result<APIResponse, any Error>) {
            answer(.success(answering.finish(result, route, standing)))
        }
    }

    /// What the transport refused is counted and says where its sender stands, as all else.
    public func refuse(_ request: APIRequest, _ error: APIError) -> APIResponse {
        let answering = Answering(startedAt: WallClock.monotonicNanoseconds(), metrics: metrics)
        var (route, group) = (Route?.none, RouteGroup(path: request.path))
        if case .route(let found) = router.find(method: request.method, path: request.path), services.offers(found) {
            (route, group) = (found, found.group)
        }
        let (error, standing) = services.gatekeeper.refuse(request, error, group: group)
        return answering.finish(.failure(error), route, standing)
    }

    private enum Admission {
        case admitted(Route, Call, RateStanding?)
        case refused(APIError, Route?, RateStanding?)
    }

    private func admit(_ request: APIRequest) -> Admission {
        let gatekeeper = services.gatekeeper
        let route: Route
        switch router.find(method: request.method, path: request.path) {
        case .route(let found) where services.offers(found): route = found
        case .otherMethods(let allow, let group):
            return refused(request, .methodNotAllowed(allow: allow), group)
        case .route, .nothing:
            return refused(request, .noSuchRoute, RouteGroup(path: request.path))
        }
        let directory = services.node.directory
        let now = services.node.now
        let parameters = Self.parameters(of: request, route)
        switch gatekeeper.admit(request, to: route, parameters, directory, now: now) {
        case .refused(let error, let standing): return .refused(error, route, standing)
        case .admitted(let caller, let standing):
            guard case .success(let parameters) = parameters else { return .refused(.unexpected, route, standing) }
            let call = Call(
                services: services, parameters: parameters, wallet: route.group.wallet, caller: caller,
                argument: route.path.hasSuffix("}") ? request.path.split(separator: "/").last.map(String.init) : nil,
                directory: directory, now: now)
            return .admitted(route, call, standing)
        }
    }

    private func refused(_ request: APIRequest, _ error: APIError, _ group: RouteGroup) -> Admission {
        let (error, standing) = services.gatekeeper.refuse(request, error, group: group)
        return .refused(error, nil, standing)
    }

    /// The body counts only where the method gives it a meaning.
    private static func parameters(of request: APIRequest, _ route: Route) -> Result<Parameters, APIError> {
        Result { () throws(APIError) in
            if route.method == .get { return try Parameters(query: request.query) }
            return try Parameters(
                query: request.query, body: request.body, contentType: request.headers.contentType,
                nested: Parameters.keyLists + ["orders"])
        }
    }

    private func run(_ route: Route, _ call: Call, _ eventLoop: any EventLoop, _ reply: Reply) {
        switch route.handler {
        case .immediate(let handler):
            reply.finish(Result { try handler(call) })
        case .suspending(let handler):
            later(eventLoop, reply) {
                do {
                    return .success(try await handler(call))
                } catch {
                    return .failure(await route.refusal(of: call, for: error))
                }
            }
        case .command(let handler):
            do {
                let command = try handler(call)
                let (answer, directory) = (command.answer, call.directory)
                replies.replies(on: eventLoop).submit(command.command, to: services.node) { result in
                    reply.finish(answer.answer(result, directory))
                }
            } catch {
                guard route.group == .margin else { return reply.finish(.failure(error)) }
                later(eventLoop, reply) { .failure(await route.refusal(of: call, for: error)) }
            }
        }
    }

    /// For what has to be waited for.
    private func later(
        _ eventLoop: any EventLoop, _ reply: Reply,
        _ body: @escaping @Sendable () async -> Result<APIResponse, any Error>
    ) {
        eventLoop.makeFutureWithTask(body).assumeIsolated().whenSuccess { reply.finish($0) }
    }
}

extension CommandAnswer {
    /// What the client is told of the command's outcome.
    func answer(_ result: Result<Outcome, Unavailable>, _ directory: Directory) -> Result<APIResponse, any Error> {
        switch result {
        case .failure(let unavailable): return .failure(APIError(unavailable))
        case .success(let outcome):
            let table = RefusalTable(
                directory: directory, orderParameter: orderParameter, riskParameter: riskParameter)
            return Result { render(try table.accepted(outcome)) }
        }
    }
}
