import Glibc

/// Computes the hash of one batch at a time on a thread of its own, while the batch is on its way to the disk.
/// It has one owner, who waits for each hash before asking for the next.
final class HashThread {
    /// What the owner and the thread hand each other. The semaphores see to it that only one of them has it.
    private final class Desk: @unchecked Sendable {
        let begun = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        let done = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        var hash = ChainHash.none
        var isClosed = false

        init() {
            sem_init(begun, 0, 0)
            sem_init(done, 0, 0)
        }

        deinit {
            sem_destroy(begun)
            sem_destroy(done)
            begun.deallocate()
            done.deallocate()
        }

        func work() {
            while true {
                wait(for: begun)
                if isClosed { return }
                hash = ChainHash(of: bytes)
                sem_post(done)
            }
        }

        func wait(for semaphore: UnsafeMutablePointer<sem_t>) {
            while sem_wait(semaphore) != 0 {}
        }
    }

    private let desk = Desk()
    private let thread: pthread_t

    /// Nil when the system has no thread to spare.
    init?() {
        var thread = pthread_t()
        let reference = Unmanaged.passRetained(desk)
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Desk>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, reference.toOpaque())
        self.thread = thread
        guard code == 0 else {
            reference.release()
            return nil
        }
    }

    deinit {
        desk.isClosed = true
        sem_post(desk.begun)
        pthread_join(thread, nil)
    }

    /// Begins the hash of `bytes`, which must stay as they are until `finish` has returned.
    func begin(_ bytes: UnsafeRawBufferPointer) {
        desk.bytes = bytes
        sem_post(desk.begun)
    }

    /// Waits for the hash that was begun.
    func finish() -> ChainHash {
        desk.wait(for: desk.done)
        return desk.hash
    }
}
