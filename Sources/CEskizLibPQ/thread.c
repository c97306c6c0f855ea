#define _GNU_SOURCE
#include "CEskizLibPQ.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    void (*body)(void *);
    void *context;
    char name[16];
} Start;

static void *run(void *argument) {
    Start start = *(Start *)argument;
    free(argument);
#ifdef __APPLE__
    pthread_setname_np(start.name);
#else
    pthread_setname_np(pthread_self(), start.name);
#endif
    start.body(start.context);
    return NULL;
}

bool eskiz_thread_start(void (*body)(void *), void *context, const char *name) {
    Start *start = malloc(sizeof *start);
    if (!start) return false;
    *start = (Start){.body = body, .context = context};
    strncpy(start->name, name, sizeof start->name - 1);
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    // Musl's threads are too small for what Swift puts on them.
    pthread_attr_setstacksize(&attributes, 1 << 20);
    bool done = pthread_create(&thread, &attributes, run, start) == 0;
    pthread_attr_destroy(&attributes);
    if (!done) free(start);
    return done;
}
