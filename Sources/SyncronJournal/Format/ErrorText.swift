import Glibc

/// What the operating system calls an error, with its number.
func errorText(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return "\(String(cString: text)) (errno \(code))"
}

/// Whether the error says that the disk, or the quota of its user, is used up.
func meansNoSpace(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }
