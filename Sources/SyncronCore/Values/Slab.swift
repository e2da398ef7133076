#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A fixed number of elements in memory of their own, all zero at first.
///
/// The memory is reserved at once and becomes resident only as it is touched, so a slab can be as large as its bound
/// and never moves: but for the maps of ids, which grow while that is quick, nothing on the order path grows a table.
struct Slab<Element: BitwiseCopyable>: ~Copyable {
    let base: UnsafeMutablePointer<Element>
    let capacity: Int
    private let bytes: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        bytes = (self.capacity * MemoryLayout<Element>.stride + 4_095) & ~4_095
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), memory != MAP_FAILED else {
            fatalError("no address space for \(bytes) bytes")
        }
        if bytes >= 1 << 21 { madvise(memory, bytes, MADV_HUGEPAGE) }
        base = memory.bindMemory(to: Element.self, capacity: self.capacity)
    }

    deinit { munmap(base, bytes) }

    @inline(__always)
    subscript(index: Int) -> Element {
        unsafeAddress {
            assert(index >= 0 && index < capacity)
            return UnsafePointer(base + index)
        }
        nonmutating unsafeMutableAddress {
            assert(index >= 0 && index < capacity)
            return base + index
        }
    }

    @inline(__always)
    subscript(index: UInt32) -> Element {
        unsafeAddress {
            assert(Int(index) < capacity)
            return UnsafePointer(base + Int(index))
        }
        nonmutating unsafeMutableAddress {
            assert(Int(index) < capacity)
            return base + Int(index)
        }
    }
}
