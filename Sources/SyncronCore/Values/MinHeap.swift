/// The least element first.
struct MinHeap<Element: Comparable> {
    private(set) var elements: [Element] = []

    var first: Element? { elements.first }
    var count: Int { elements.count }
    var isEmpty: Bool { elements.isEmpty }

    init() {}

    /// Of elements in any order.
    init(_ elements: [Element]) {
        for element in elements { push(element) }
    }

    mutating func push(_ element: Element) {
        elements.append(element)
        var place = elements.count - 1
        while place > 0, elements[place] < elements[(place - 1) / 2] {
            elements.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// Takes the first out. There must be one.
    mutating func pop() -> Element {
        let first = elements[0]
        let last = elements.removeLast()
        guard !elements.isEmpty else { return first }
        elements[0] = last
        var place = 0
        while place * 2 + 1 < elements.count {
            var child = place * 2 + 1
            if child + 1 < elements.count && elements[child + 1] < elements[child] { child += 1 }
            guard elements[child] < elements[place] else { break }
            elements.swapAt(place, child)
            place = child
        }
        return first
    }
}
