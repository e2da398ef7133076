#ifndef CSYNCRON_H
#define CSYNCRON_H

#include <stddef.h>
#include <stdint.h>

/// Asks for the cache line at `address`, which need not be readable. Changes nothing.
static inline void syncron_prefetch(const void *_Nullable address) { __builtin_prefetch(address, 1, 3); }

/// CRC-32C (Castagnoli) of `length` bytes, continuing from `crc` (0 to start).
uint32_t syncron_crc32c(uint32_t crc, const void *_Nonnull bytes, size_t length);

/// Bytes that the process has allocated and not freed; 0 where the C library does not tell.
size_t syncron_heap_in_use(void);

/// The most memory that the process has had resident, in bytes.
size_t syncron_peak_resident(void);

/// Runs the program at `path` with `arguments`, the last of which is null. It reads nothing, writes to the pipe whose
/// other end is `output`, shares standard error and inherits no other file. Returns 0 or an errno, -1 for no pipe.
int syncron_spawn(
    const char *_Nonnull path, char *_Nullable const *_Nonnull arguments, int *_Nonnull pid, int *_Nonnull output);

#endif
