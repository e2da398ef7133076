import NIOCore
import SyncronNode
import SyncronWire

/// Who may open a WebSocket, and what they are then sent.
///
///     /ws                      nothing until the client subscribes
///     /ws/{stream}             one stream
///     /ws/user?listenKey=…     the events of an account, from `fromSeq` on where it is given
///     /stream?streams=a/b      several streams, each message with the name of its stream
///
/// Each of them also behind `/v1`.
extension Streams {
    public func admit(path: String, query: String, peer: String) -> StreamAdmission {
        do {
            return .accept(try target(path: path, query: query))
        } catch {
            return .refuse(error)
        }
    }

    private func target(path: String, query: String) throws(APIError) -> StreamTarget {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if parts.first == "v1" { parts = parts.dropFirst() }
        let parameters = try Parameters(query: ByteBuffer(string: query))
        switch (parts.count, parts.first) {
        case (1, "ws"): return StreamTarget()
        case (2, "ws"):
            let name = String(parts[parts.startIndex + 1])
            return name == "user" ? try userStream(parameters) : try stream(name)
        case (1, "stream"): return try combined(parameters)
        default: throw .noSuchRoute
        }
    }

    /// A path that names no stream leads nowhere: 404.
    private func stream(_ name: String) throws(APIError) -> StreamTarget {
        try check(name, parameter: "stream", status: 404)
        return StreamTarget(streams: [name])
    }

    private func combined(_ parameters: Parameters) throws(APIError) -> StreamTarget {
        guard let list = try parameters.text(ifGiven: "streams") else { return StreamTarget(isCombined: true) }
        let names = list.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard names.count <= limits.streams else {
            throw .invalidParameter("streams", "a connection follows at most \(limits.streams) streams")
        }
        for name in names { try check(name, parameter: "streams", status: 400) }
        return StreamTarget(streams: names, isCombined: true)
    }

    private func check(_ text: String, parameter: String, status: Int) throws(APIError) {
        do {
            _ = try StreamName(text).key(in: node.directory)
        } catch {
            throw APIError(naming: text, error, parameter: parameter, status: status)
        }
    }

    private func userStream(_ parameters: Parameters) throws(APIError) -> StreamTarget {
        let key = try parameters.text("listenKey")
        let first = try parameters.integer(ifGiven: "fromSeq", in: 0...Int64.max)
        guard let listenKey = node.directory.listenKey(key), listenKey.expiresAt > node.now else {
            throw .unauthorized("unknown or expired listen key")
        }
        return StreamTarget(listenKey: key, fromSequence: first.map { UInt64(max($0, 1)) })
    }
}
