import NIOCore
import NIOWebSocket
import SyncronCore
import SyncronNode
import SyncronWire

/// One WebSocket: carries what comes in to its session and does what the session answers, and writes what the shard
/// delivers.
///
/// Events are written as the bytes of their frames, the same for all readers, behind the pipeline's frame encoder.
/// Pings and close frames take the usual way. What a slow reader has not taken yet waits here rather than in the
/// channel, so that it can be dropped when the reader is cut off.
final class StreamConnection: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let streams: Streams
    private let target: StreamTarget
    private let shard: StreamShard
    private let eventLoop: any EventLoop
    private var session: StreamSession
    private var user: UserStream?
    private var backlog = WriteBacklog()
    private var context: ChannelHandlerContext?
    /// Where finished frames are written: behind the encoder, which would put a header on each.
    private var outlet: ChannelHandlerContext?

    /// Where the readers' table keeps this connection, and where among the readers of each stream.
    var place: Int?
    var places: [StreamKey: Int] = [:]
    /// Whether something was written in the delivery under way.
    var isUnflushed = false

    init(streams: Streams, target: StreamTarget, shard: StreamShard, openedAt now: NIODeadline) {
        self.streams = streams
        self.target = target
        self.shard = shard
        eventLoop = shard.eventLoop
        session = StreamSession(limits: streams.limits, openedAt: now)
    }

    var listenKey: String? { target.listenKey }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        outlet = (try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)) ?? context
        if context.channel.isActive { open() }
    }

    func channelActive(context: ChannelHandlerContext) {
        open()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text:
            let directory = streams.node.directory
            perform(
                session.received(text: frame.unmaskedData, at: eventLoop.now) { name throws(StreamNameFailure) in
                    try name.key(in: directory)
                })
        case .binary: perform(session.receivedBinary())
        case .pong: perform(session.receivedPong(at: eventLoop.now))
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { drain() }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
        outlet = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is WebSocketClosing { end() }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Coming and going

    private func open() {
        guard place == nil, session.isOpen else { return }
        shard.table.opened(self, on: eventLoop)
        let directory = streams.node.directory
        let initial = target.streams.compactMap { text -> StreamSubscription? in
            guard let name = try? StreamName(text), let key = try? name.key(in: directory) else { return nil }
            return StreamSubscription(name: text, key: key)
        }
        follow(session.opened(with: initial))
        if let listenKey { openUserStream(listenKey) }
    }

    private func openUserStream(_ key: String) {
        // The key was open when the connection was admitted. It is looked at again once nothing can be missed.
        guard let account = streams.node.directory.listenKey(key)?.account else {
            return perform(session.close(.listenKeyClosed))
        }
        user = UserStream(account: account, from: target.fromSequence, bound: streams.limits.backlog)
        shard.table.followUser(account, self, in: shard)
        guard streams.node.directory.listenKey(key) != nil else { return perform(session.close(.listenKeyClosed)) }
        readMissedEvents()
    }

    private func end() {
        session.ended()
        backlog.clear()
        guard place != nil else { return }
        for subscription in session.subscriptions { leave(subscription) }
        if let user { shard.table.leaveUser(user.account, self, in: shard) }
        user = nil
        shard.table.closed(self)
    }

    private func follow(_ subscriptions: [StreamSubscription]) {
        for subscription in subscriptions {
            let label = target.isCombined ? subscription.name : nil
            shard.table.follow(subscription.key, self, label: label, in: shard)
        }
    }

    private func leave(_ subscription: StreamSubscription) {
        let label = target.isCombined ? subscription.name : nil
        shard.table.leave(subscription.key, self, label: label, in: shard)
    }

    // MARK: The session's answers

    private func perform(_ action: StreamSession.Action) {
        switch action {
        case .nothing: break
        case .subscribe(let subscriptions, let id):
            follow(subscriptions)
            answer(.done, id: id)
        case .unsubscribe(let subscriptions, let id):
            for subscription in subscriptions { leave(subscription) }
            answer(.done, id: id)
        case .answer(let body, let id): answer(body, id: id)
        case .ping: control(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()))
        case .close(let closing): close(closing)
        }
    }

    private func answer(_ body: ControlAnswer, id: JSONValue) {
        var frames = TextFrames()
        frames.append { body.write(into: &$0, id: id) }
        write(frames.bytes)
        isUnflushed = true
    }

    private func close(_ closing: StreamClosing) {
        if closing == .readerTooSlow || closing == .replayOverflow { streams.metrics.cutReaders.add() }
        end()
        control(closing.frame)
    }

    private func control(_ frame: WebSocketFrame) {
        context?.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    func secondPassed() { perform(session.timePassed(to: eventLoop.now)) }

    // MARK: Writing

    /// Finished frames for this reader; `flush` sends them off.
    func write(_ frames: ByteBuffer) {
        guard session.isOpen, let outlet else { return }
        if backlog.isEmpty && outlet.channel.isWritable {
            outlet.write(NIOAny(frames), promise: nil)
        } else {
            backlog.append(frames)
            perform(session.backlogGrew(to: backlog.bytes))
        }
    }

    func flush() {
        guard isUnflushed else { return }
        isUnflushed = false
        outlet?.flush()
    }

    /// The channel takes more.
    private func drain() {
        guard session.isOpen, let outlet else { return }
        var hasWritten = false
        while outlet.channel.isWritable, let frames = backlog.removeFirst() {
            outlet.write(NIOAny(frames), promise: nil)
            hasWritten = true
        }
        if hasWritten { outlet.flush() }
        if backlog.isEmpty { readMissedEvents() }
    }

    // MARK: User stream

    func userStream(_ item: UserStreamItem) {
        guard let step = user?.replay.happened(item) else { return }
        switch step {
        case .write(let frame): write(frame)
        case .close(let closing): perform(session.close(closing))
        case .nothing: break
        }
    }

    /// Asks for the next page of what the client missed, when it has taken those before.
    private func readMissedEvents() {
        guard let user, user.replay.isReplaying, !user.isReading, backlog.isEmpty, session.isOpen else { return }
        user.isReading = true
        let (account, next, limit) = (user.account, user.replay.next, streams.limits.replayPage)
        let me = NIOLoopBound(self, eventLoop: eventLoop)
        let (node, eventLoop) = (streams.node, eventLoop)
        Task {
            let page = try? await node.userEvents(of: account, from: next, limit: limit)
            let frames = page.map { UserEventFrames($0, node.directory) }
            eventLoop.execute { me.value.missedEventsRead(frames) }
        }
    }

    private func missedEventsRead(_ page: UserEventFrames?) {
        guard let user, session.isOpen else { return }
        user.isReading = false
        guard let page else { return perform(session.close(.replayUnavailable)) }
        guard let items = user.replay.read(page) else { return perform(session.close(.replayUnavailable)) }
        for item in items {
            switch item {
            case .event(_, let frame): write(frame)
            case .end(let closing): perform(session.close(closing))
            }
        }
        isUnflushed = true
        flush()
        readMissedEvents()
    }
}
