#include "CSyncron.h"
#include <sys/resource.h>

#if defined(__GLIBC__)
#include <malloc.h>

size_t syncron_heap_in_use(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}
#else
size_t syncron_heap_in_use(void) { return 0; }
#endif

size_t syncron_peak_resident(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (size_t)usage.ru_maxrss * 1024;
}
