import SyncronCore
import SyncronNode
import SyncronWire

/// Time, money and state of the exchange as a whole.
enum AdminOperations {
    /// The farthest that one call carries the clock, in milliseconds: ten years.
    private static let farthest: Int64 = 315_360_000_000

    @Sendable static func advanceClock(_ call: AdminCall) async throws -> APIResponse {
        let milliseconds = try call.parameters.integer("milliseconds", in: 1...farthest)
        let stamp = try await call.node.advanceClock(byMilliseconds: milliseconds)
        return .json { json in
            json.beginObject()
            json.field("serverTime", stamp.time.milliseconds)
            json.field("sequence", stamp.sequence.raw)
            json.endObject()
        }
    }

    @Sendable static func ledger(_ call: AdminCall) async throws -> APIResponse {
        let (totals, assets) = try await call.node.query { engine, _ in (engine.totals, engine.assets) }
        return .json(capacity: 64 + 384 * totals.count) { json in
            json.beginObject()
            json.field("balanced", totals.allSatisfy(\.isBalanced))
            json.key("assets")
            json.beginArray()
            for (total, asset) in zip(totals, assets) { json.totals(total, of: asset) }
            json.endArray()
            json.endObject()
        }
    }

    @Sendable static func status(_ call: AdminCall) async throws -> APIResponse {
        let status = try await call.node.status()
        let (seconds, attoseconds) = status.uptime.components
        return .json { json in
            json.beginObject()
            json.field("sequence", status.sequence.raw)
            json.field("durableSequence", status.durableSequence.raw)
            json.field("stateHash", status.stateHash.description)
            json.field("snapshotSequence", status.snapshotSequence.raw)
            json.field("uptime", seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
            json.field("markets", status.markets)
            json.field("accounts", status.accounts)
            json.field("openOrders", status.openOrders)
            json.endObject()
        }
    }

    @Sendable static func snapshot(_ call: AdminCall) async throws -> APIResponse {
        let (sequence, digest) = try await call.node.snapshot()
        return .json { json in
            json.beginObject()
            json.field("sequence", sequence.raw)
            json.field("stateHash", digest.description)
            json.endObject()
        }
    }
}

extension JSONWriter {
    /// Free balances, held ones, and the house's accounts: together nothing.
    fileprivate mutating func totals(_ totals: LedgerTotals, of asset: Asset) {
        beginObject()
        field("asset", asset.name)
        field("accounts", amount: totals.accounts, of: asset)
        field("holds", amount: totals.holds, of: asset)
        field("fees", amount: totals.fees, of: asset)
        field("insurance", amount: totals.insurance, of: asset)
        field("interest", amount: totals.interest, of: asset)
        field("lending", amount: totals.lending, of: asset)
        field("clearing", amount: totals.clearing, of: asset)
        field("rounding", amount: totals.rounding, of: asset)
        field("external", amount: totals.external, of: asset)
        field("balanced", totals.isBalanced)
        endObject()
    }
}
