// Records what a process writes to its database and when it was made durable, for Tests/Chaos/crash_images.py.
//
//     cc -shared -fPIC -O1 -o record_writes.so record_writes.c -ldl
//     RECORD_WRITES=/tmp/log RECORD_WRITES_OF=/state/eskiz.sqlite LD_PRELOAD=./record_writes.so eskiz serve
//
// Each record: one line `kind time offset length covers path`, then `length` bytes and a newline. `time` is CLOCK_MONOTONIC
// in nanoseconds, taken when the call had come back. A sync covers only what had been written when it began: `covers` is
// the number of records before that.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_file = -2;
static const char *watched;
static uint64_t count;

static ssize_t (*real_write)(int, const void *, size_t);

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

// With the lock held.
static int is_open(void) {
    if (log_file == -2) {
        const char *path = getenv("RECORD_WRITES");
        watched = getenv("RECORD_WRITES_OF");
        log_file = path && watched ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
        real_write = dlsym(RTLD_NEXT, "write");
    }
    return log_file >= 0;
}

// The database, its log, its journal; not the index of the log, which is made anew after a crash.
static int is_watched(const char *path) {
    size_t length = strlen(watched);
    if (strncmp(path, watched, length) != 0) return 0;
    const char *rest = path + length;
    return !*rest || !strcmp(rest, "-wal") || !strcmp(rest, "-journal");
}

static const char *path_of(int file, char *buffer, size_t size) {
    struct stat facts;
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) return NULL;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, buffer, size - 1);
    if (length < 0) return NULL;
    buffer[length] = 0;
    return is_watched(buffer) ? buffer : NULL;
}

static void put(const void *bytes, size_t length) {
    for (const char *at = bytes; length > 0;) {
        ssize_t written = real_write(log_file, at, length);
        if (written <= 0) abort();
        at += written;
        length -= (size_t)written;
    }
}

static void record(const char *kind, const char *path, int64_t offset, const void *bytes, size_t length, uint64_t covers) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    char line[4352];
    int size = snprintf(line, sizeof line, "%s %lld %lld %zu %llu %s\n", kind,
        (long long)now.tv_sec * 1000000000 + now.tv_nsec, (long long)offset, length, (unsigned long long)covers, path);
    put(line, (size_t)size);
    put(bytes, length);
    put("\n", 1);
    count++;
}

static ssize_t written(int file, const void *bytes, int64_t offset, ssize_t result) {
    char buffer[4096];
    const char *path = result > 0 ? path_of(file, buffer, sizeof buffer) : NULL;
    if (path) record("write", path, offset, bytes, (size_t)result, 0);
    return result;
}

#define GUARDED(type, call) \
    pthread_mutex_lock(&lock); \
    type result = call; \
    if (is_open())

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    REAL(pwrite);
    GUARDED(ssize_t, real(file, bytes, length, offset)) written(file, bytes, offset, result);
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
    REAL(pwrite64);
    GUARDED(ssize_t, real(file, bytes, length, offset)) written(file, bytes, offset, result);
    pthread_mutex_unlock(&lock);
    return result;
}

ssize_t write(int file, const void *bytes, size_t length) {
    REAL(write);
    struct stat facts;
    // Sockets and pipes may wait, and are none of our business.
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode)) return real(file, bytes, length);
    pthread_mutex_lock(&lock);
    off_t offset = lseek(file, 0, SEEK_CUR);
    ssize_t result = real(file, bytes, length);
    if (is_open()) written(file, bytes, offset, result);
    pthread_mutex_unlock(&lock);
    return result;
}

static int truncated(int file, int64_t size, int result) {
    char buffer[4096];
    const char *path = result == 0 ? path_of(file, buffer, sizeof buffer) : NULL;
    if (path) record("truncate", path, size, "", 0, 0);
    return result;
}

int ftruncate(int file, off_t size) {
    REAL(ftruncate);
    GUARDED(int, real(file, size)) truncated(file, size, result);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int file, off64_t size) {
    REAL(ftruncate64);
    GUARDED(int, real(file, size)) truncated(file, size, result);
    pthread_mutex_unlock(&lock);
    return result;
}

static int synced(int file, int (*real)(int)) {
    pthread_mutex_lock(&lock);
    int isOpen = is_open();
    uint64_t covers = count;
    pthread_mutex_unlock(&lock);
    // Others go on writing meanwhile.
    int result = real(file);
    if (!isOpen || result != 0) return result;
    char buffer[4096];
    pthread_mutex_lock(&lock);
    const char *path = path_of(file, buffer, sizeof buffer);
    if (path) record("sync", path, 0, "", 0, covers);
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int file) {
    REAL(fsync);
    return synced(file, real);
}

int fdatasync(int file) {
    REAL(fdatasync);
    return synced(file, real);
}

int unlink(const char *path) {
    REAL(unlink);
    GUARDED(int, real(path)) {
        if (result == 0 && is_watched(path)) record("unlink", path, 0, "", 0, 0);
    }
    pthread_mutex_unlock(&lock);
    return result;
}
