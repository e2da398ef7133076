extension FixedWidthInteger {
    /// 10 to the power of `exponent`, which is not negative; it must fit.
    static func ten(to exponent: Int) -> Self { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}
