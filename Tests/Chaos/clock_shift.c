/* Moves the wall clock of one process, and nothing else, by what a file says.
 *
 *     clang -shared -fPIC -o clock_shift.so clock_shift.c
 *     CLOCK_SHIFT_FILE=/tmp/shift LD_PRELOAD=./clock_shift.so program
 *
 * The file holds one 64-bit number in the machine's order: nanoseconds to add. It is mapped, so that whoever writes into it
 * sets the clock of a running process. Monotonic clocks, timers and time stamps of files stay as they are, which is what a
 * machine does when somebody sets its clock.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t nanoseconds = 1000000000;
static const volatile int64_t *shift;
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void prepare(void)
{
    real_clock_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *path = getenv("CLOCK_SHIFT_FILE");
    if (!path)
        return;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        abort();
    void *place = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (place == MAP_FAILED)
        abort();
    close(file);
    shift = place;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    /* Somebody may ask before the constructors have run. */
    if (!real_clock_gettime)
        prepare();
    int result = real_clock_gettime(clock, time);
    if (result != 0 || !shift || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
        return result;
    int64_t moment = (int64_t)time->tv_sec * nanoseconds + time->tv_nsec + *shift;
    time->tv_sec = (time_t)(moment / nanoseconds);
    time->tv_nsec = (long)(moment % nanoseconds);
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    (void)zone;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *place)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return (time_t)-1;
    if (place)
        *place = now.tv_sec;
    return now.tv_sec;
}
