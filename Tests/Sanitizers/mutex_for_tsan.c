// Tells thread sanitizer about the slow paths of Swift's `Synchronization.Mutex`.
//
// On Linux a Mutex is a word and a futex. Its fast path is inlined into our code, so its atomic instructions are seen. Where
// threads compete, the lock is taken and given up in functions of a library that is not instrumented: what the former
// holder wrote then looks like a race. This library stands before that one (LD_PRELOAD) and says what it does not: after
// the slow path in, the lock is acquired; before the slow path out, it is released.

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// Weak: the processes that only start the tests are not instrumented.
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

// Swift's calling convention: the mutex is `self`, and comes in the context register.
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void (*lock_slow)(uint32_t state, SELF);
typedef SWIFT bool (*try_lock_slow)(SELF);
typedef SWIFT void (*unlock_slow)(SELF);

static void *next(const char *name) {
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) {
        fprintf(stderr, "mutex_for_tsan: the Mutex of this Swift has no %s\n", name);
        abort();
    }
    return function;
}

SWIFT void mutex_lock_slow(uint32_t state, SELF) __asm__(LOCK_SLOW);
SWIFT void mutex_lock_slow(uint32_t state, SELF) {
    ((lock_slow)next(LOCK_SLOW))(state, mutex);
    if (__tsan_acquire != NULL) __tsan_acquire(mutex);
}

SWIFT bool mutex_try_lock_slow(SELF) __asm__(TRY_LOCK_SLOW);
SWIFT bool mutex_try_lock_slow(SELF) {
    bool has = ((try_lock_slow)next(TRY_LOCK_SLOW))(mutex);
    if (has && __tsan_acquire != NULL) __tsan_acquire(mutex);
    return has;
}

SWIFT void mutex_unlock_slow(SELF) __asm__(UNLOCK_SLOW);
SWIFT void mutex_unlock_slow(SELF) {
    if (__tsan_release != NULL) __tsan_release(mutex);
    ((unlock_slow)next(UNLOCK_SLOW))(mutex);
}
