#define _GNU_SOURCE
#include "CSyncron.h"
#include <fcntl.h>

void syncron_start_writeback(int descriptor, int64_t offset, int64_t length) {
    (void)sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE);
}
