import NIOCore
import SyncronCore
import SyncronNode
import SyncronWire
import Testing

@testable import SyncronGateway

@Suite("Refusals in the API's words")
struct RefusalTableTests {
    private func body(_ rejection: Rejection, orderParameter: String = "orderId") throws -> (Int, String) {
        let refusals = RefusalTable(directory: try StandardExchange.directory(), orderParameter: orderParameter)
        let error = refusals.error(for: rejection)
        return (error.status, String(buffer: error.body))
    }

    static let table: [(Rejection, Int, Int, String)] = [
        (.outOfPlace, 500, 1004, ""),
        (.unknownAccount, 404, 1006, #""parameter":"accountId""#),
        (.tradingDisabled, 403, 1002, ""),
        (.unknownAsset, 400, 1006, #""parameter":"asset""#),
        (.unknownMarket, 400, 1006, #""parameter":"symbol""#),
        (.duplicateClientOrderID, 400, 1006, #""parameter":"newClientOrderId""#),
        (.unknownOrder, 404, 1006, #""parameter":"orderId""#),
        (.unknownAPIKey, 404, 1006, #""parameter":"key""#),
        (.unknownListenKey, 404, 1006, #""parameter":"listenKey""#),
        (.withdrawalsDisabled, 403, 1002, ""),
        (.unknownWithdrawal, 404, 1006, #""parameter":"id""#),
        (.conflict(.clientWithdrawID), 409, 1006, #""parameter":"clientWithdrawId""#),
        (.margin(.amountNotPositive), 400, -3004, #""parameter":"amount""#),
        (.margin(.assetNotSupported), 400, -3003, #""parameter":"asset""#),
        (.margin(.withdrawalNotPermitted), 409, -3012, ""),
        (.invalid(.marginLeverage), 400, 1006, #""parameter":"marginLeverage""#),
        (.conflict(.amount), 409, 1006, #""parameter":"amount""#),
        (.marketClosed(.halt), 409, 1009, #""status":"HALT""#),
        (.marketClosed(.cancelOnly), 409, 1009, #""status":"CANCEL_ONLY""#),
        (.marketClosed(.break), 409, 1009, #""status":"BREAK""#),
        (.filter(.priceFilter, .price), 400, 1006, #""parameter":"price","filter":"PRICE_FILTER""#),
        (.filter(.lotSize, .quantity), 400, 1006, #""parameter":"quantity","filter":"LOT_SIZE""#),
        (.filter(.lotSize, .quoteOrderQty), 400, 1006, #""parameter":"quoteOrderQty","filter":"LOT_SIZE""#),
        (.filter(.marketLotSize, .quantity), 400, 1006, #""parameter":"quantity","filter":"MARKET_LOT_SIZE""#),
        (.filter(.notional, .quantity), 400, 1006, #""parameter":"quantity","filter":"NOTIONAL""#),
        (.risk(.percentPriceBySide), 409, 1010, #""parameter":"price","filter":"PERCENT_PRICE_BY_SIDE""#),
        (.risk(.maxNumOrders), 409, 1010, #""parameter":"symbol","filter":"MAX_NUM_ORDERS""#),
        (.risk(.maxPosition), 409, 1010, #""parameter":"quantity","filter":"MAX_POSITION""#),
        (.risk(.postOnly), 409, 1010, #""parameter":"price","filter":"POST_ONLY""#),
        (.risk(.exchangeLimit), 409, 1010, #""details":{"filter":"EXCHANGE_LIMIT"}"#),
    ]

    @Test("every reason has its code, its status and its details", arguments: table)
    func plain(rejection: Rejection, status: Int, code: Int, detail: String) throws {
        let (answered, text) = try body(rejection)
        #expect(answered == status)
        #expect(text.hasPrefix(#"{"code":\#(code),"message":""#), "\(text)")
        #expect(detail.isEmpty || text.contains(detail), "\(text)")
    }

    @Test("an insufficient balance is told with both figures at the asset's precision")
    func insufficientBalance() throws {
        let usdt = try #require(try StandardExchange.directory().asset(named: "USDT"))
        let (status, text) = try body(
            .insufficientBalance(
                asset: usdt.id, required: Units(10_000_000_000), available: Units(2_000_000_000)))
        #expect(status == 409)
        #expect(
            text == #"{"code":1008,"message":"Account has insufficient balance","details":"#
                + #"{"asset":"USDT","required":"100.00000000","available":"20.00000000"}}"#)
    }

    @Test("an unknown order is named by the parameter that named it")
    func orderParameter() throws {
        let (status, text) = try body(.unknownOrder, orderParameter: "origClientOrderId")
        #expect(status == 404)
        #expect(text.contains(#""parameter":"origClientOrderId""#))
    }

    @Test(
        "a node that takes nothing is 503, 1001, with a second's wait",
        arguments: [Unavailable.inboxFull, .stopping, .noSpace, .historyBehind])
    func unavailable(reason: Unavailable) {
        let error = APIError(answering: reason)
        #expect(error.status == 503)
        #expect(error.code == 1001)
        #expect(error.retryAfter == 1)
    }

    @Test("a clock that is the system's cannot be advanced: 1006, 409")
    func notManual() {
        let error = APIError(answering: Unavailable.notManual)
        #expect(error.status == 409)
        #expect(error.code == 1006)
    }

    @Test("what was not foreseen is 500 and tells nothing of the inside")
    func unforeseen() {
        let error = APIError(answering: PrivateFileFailure(path: "/secret/path", what: "is gone"))
        #expect(error.status == 500)
        #expect(error.code == 1004)
        #expect(!String(buffer: error.body).contains("secret"))
    }
}
