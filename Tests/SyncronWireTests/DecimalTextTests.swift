import Testing

@testable import SyncronWire

@Suite struct DecimalTextTests {
    // MARK: Reading

    @Test(
        "a number in the accepted form is read exactly",
        arguments: [
            ("0", 0, 0), ("1", 1, 0), ("007", 7, 0), ("0.5", 5, 1), ("0.50", 5, 1), ("1.000", 1, 0), ("0.000", 0, 0),
            ("10", 10, 0), ("10.10", 101, 1), ("30200.00", 30200, 0), ("0.00000001", 1, 8),
            ("123456789.87654321", 12_345_678_987_654_321, 8),
        ] as [(String, Int, Int)])
    func reads(text: String, mantissa: Int, scale: Int) throws {
        let number = try DecimalText(text)
        #expect(number.mantissa == Int128(mantissa))
        #expect(number.scale == scale)
    }

    @Test(
        "anything else is malformed",
        arguments: [
            "", " ", ".", "-1", "+1", "-0", "1.", ".5", "1..2", "1.2.3", "1,5", "1e5", "1E5", "1e-5", " 1", "1 ", "1 0",
            "0x10", "NaN", "inf", "١", "１", "1\u{0}", "1\n", "\u{FEFF}1", "--1", "1-", "1_000", "½",
        ])
    func refuses(text: String) {
        #expect(throws: DecimalText.Failure.malformed) { try DecimalText(text) }
        #expect(throws: DecimalText.Failure.malformed) { try DecimalText.units(text, decimals: 8, as: Int64.self) }
    }

    @Test("every byte but a digit is malformed, before, within and behind a number")
    func refusesEveryOtherByte() {
        for byte in UInt8.min...UInt8.max where !(0x30...0x39).contains(byte) {
            #expect(throws: DecimalText.Failure.malformed) { try DecimalText([byte, 0x31]) }
            #expect(throws: DecimalText.Failure.malformed) { try DecimalText([0x31, byte]) }
            if byte != UInt8(ascii: ".") {
                #expect(throws: DecimalText.Failure.malformed) { try DecimalText([0x31, byte, 0x31]) }
            }
        }
    }

    @Test("trailing zeros are no decimals, others beyond the allowed are too many")
    func countsDecimals() throws {
        #expect(try DecimalText.units("1.50000000000000000000000000000000000000000000", decimals: 1) == Int64(15))
        #expect(try DecimalText.units("1.5", decimals: 1) == Int64(15))
        #expect(try DecimalText.units("0.0000", decimals: 0) == Int64(0))
        #expect(throws: DecimalText.Failure.tooManyDecimals) {
            try DecimalText.units("1.51", decimals: 1, as: Int64.self)
        }
        #expect(throws: DecimalText.Failure.tooManyDecimals) {
            try DecimalText.units("0.01", decimals: 1, as: Int64.self)
        }
        let tiny = "0." + String(repeating: "0", count: 60) + "1"
        #expect(throws: DecimalText.Failure.tooManyDecimals) { try DecimalText(tiny) }
    }

    @Test("what does not fit is too large, and the greatest that fits is not")
    func knowsItsBounds() throws {
        #expect(try DecimalText.units("9223372036854775807", decimals: 0) == Int64.max)
        #expect(try DecimalText.units("92233720368.54775807", decimals: 8) == Int64.max)
        #expect(throws: DecimalText.Failure.tooLarge) {
            try DecimalText.units("92233720368.54775808", decimals: 8, as: Int64.self)
        }
        #expect(throws: DecimalText.Failure.tooLarge) {
            try DecimalText.units("9223372036854775808", decimals: 0, as: Int64.self)
        }
        #expect(throws: DecimalText.Failure.tooLarge) { try DecimalText.units("1000", decimals: 19, as: Int64.self) }
        #expect(try DecimalText.units("18446744073709551615", decimals: 0) == UInt64.max)
        #expect(try DecimalText("\(Int128.max)").mantissa == Int128.max)
        #expect(throws: DecimalText.Failure.tooLarge) { try DecimalText("170141183460469231731687303715884105728") }
        #expect(throws: DecimalText.Failure.tooLarge) { try DecimalText(String(repeating: "9", count: 5000)) }
        #expect(try DecimalText(String(repeating: "0", count: 5000) + "1").mantissa == 1)
        #expect(throws: DecimalText.Failure.tooLarge) { try DecimalText.units("17", decimals: 38, as: Int128.self) + 0 }
        #expect(try DecimalText.units("1.7", decimals: 38) == Int128(17) * PowerOfTen.value(37))
    }

    @Test("mantissas around one word are exact")
    func crossesTheWord() throws {
        for near in [UInt64.max / 10, UInt64.max / 10 + 1, UInt64.max - 1, UInt64.max] {
            for offset in -2...2 as ClosedRange<Int128> {
                let value = Int128(near) + offset
                #expect(try DecimalText("\(value)").mantissa == value)
                #expect(try DecimalText.units("\(value)", decimals: 0) == value)
            }
        }
    }

    // MARK: Writing

    @Test(
        "a count is written with all its decimals, or without trailing zeros",
        arguments: [
            (0, 0, "0", "0"), (0, 2, "0.00", "0"), (5, 0, "5", "5"), (5, 1, "0.5", "0.5"),
            (5, 8, "0.00000005", "0.00000005"),
            (15_000_000, 8, "0.15000000", "0.15"), (50, 2, "0.50", "0.5"), (100, 2, "1.00", "1"),
            (1000, 0, "1000", "1000"),
            (3_020_000, 2, "30200.00", "30200"), (-34250, 2, "-342.50", "-342.5"),
            (-5, 8, "-0.00000005", "-0.00000005"),
            (-100, 2, "-1.00", "-1"), (10, 1, "1.0", "1"), (101, 2, "1.01", "1.01"),
        ] as [(Int64, Int, String, String)])
    func writes(units: Int64, decimals: Int, fixed: String, trimmed: String) {
        #expect(DecimalText.fixed(units, decimals: decimals) == fixed)
        #expect(DecimalText.trimmed(units, decimals: decimals) == trimmed)
        #expect(DecimalText.fixed(Int128(units), decimals: decimals) == fixed)
        #expect(DecimalText.trimmed(Int128(units), decimals: decimals) == trimmed)
    }

    @Test("the extremes of every integer type are written as they are")
    func writesExtremes() {
        for value in [Int128.min, .max, Int128(Int64.min), Int128(Int64.max) + 1, Int128(UInt64.max), 0, -1] {
            #expect(DecimalText.fixed(value, decimals: 0) == "\(value)")
        }
        for exponent in 1...38 {
            let power = PowerOfTen.value(exponent)
            for value in [power - 1, power, power + 1, -power] {
                #expect(DecimalText.fixed(value, decimals: 0) == "\(value)")
            }
        }
        #expect(DecimalText.fixed(UInt64.max, decimals: 0) == "\(UInt64.max)")
        #expect(DecimalText.fixed(UInt8.max, decimals: 1) == "25.5")
        #expect(DecimalText.fixed(Int64.min, decimals: 18) == "-9.223372036854775808")
        #expect(DecimalText.fixed(1, decimals: 38) == "0." + String(repeating: "0", count: 37) + "1")
        #expect(DecimalText.fixed(Int128.min, decimals: 38) == "-1.70141183460469231731687303715884105728")
    }

    @Test("small counts, written and read again, are themselves, and agree with a writer of one line")
    func roundTripsExhaustively() throws {
        for decimals in 0...4 {
            for units in 0...12_000 {
                let fixed = DecimalText.fixed(units, decimals: decimals)
                #expect(fixed == Self.naiveFixed("\(units)", decimals: decimals))
                #expect(try DecimalText.units(fixed, decimals: decimals) == units)
                #expect(
                    try DecimalText.units(DecimalText.trimmed(units, decimals: decimals), decimals: decimals) == units)
            }
        }
    }

    @Test("random counts of every size do the same")
    func roundTripsAtRandom() throws {
        var random = SeededRandom(seed: 20_260_101)
        for round in 0..<20_000 {
            let decimals = Int.random(in: 0...38, using: &random)
            let units = Int128.random(in: 0...Int128.max, using: &random) >> Int128.random(in: 0...126, using: &random)
            let fixed = DecimalText.fixed(units, decimals: decimals)
            let context: Comment = "seed \(random.seed), round \(round): \(units) at \(decimals)"
            #expect(fixed == Self.naiveFixed("\(units)", decimals: decimals), context)
            #expect(try DecimalText.units(fixed, decimals: decimals) == units, context)
            let trimmed = DecimalText.trimmed(units, decimals: decimals)
            #expect(trimmed == Self.naiveTrimmed(fixed), context)
            #expect(try DecimalText.units(trimmed, decimals: decimals) == units, context)
        }
    }

    private static func naiveFixed(_ digits: String, decimals: Int) -> String {
        if decimals == 0 { return digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    private static func naiveTrimmed(_ fixed: String) -> String {
        guard fixed.contains(".") else { return fixed }
        let zerosOff = String(fixed.reversed().drop { $0 == "0" }.reversed())
        return zerosOff.hasSuffix(".") ? String(zerosOff.dropLast()) : zerosOff
    }
}

/// The same numbers for the same seed on every machine (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
