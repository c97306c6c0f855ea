#define _GNU_SOURCE
#include "CEskizLibPQ.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// From libpq-fe.h.
enum { CONNECTION_OK = 0 };
enum { PQTRANS_IDLE = 0 };
enum { PGRES_EMPTY_QUERY = 0, PGRES_COMMAND_OK = 1, PGRES_TUPLES_OK = 2, PGRES_PIPELINE_SYNC = 10, PGRES_PIPELINE_ABORTED = 11 };
typedef struct {
    char *keyword, *envvar, *compiled, *val, *label, *dispchar;
    int dispsize;
} PQconninfoOption;
typedef struct pgNotify {
    char *relname;
    int be_pid;
    char *extra;
    struct pgNotify *next;
} PGnotify;
typedef void (*PQnoticeProcessor)(void *arg, const char *message);

#define FUNCTIONS(F) \
    F(int, PQlibVersion, (void)) \
    F(PQconninfoOption *, PQconninfoParse, (const char *, char **)) \
    F(void, PQconninfoFree, (PQconninfoOption *)) \
    F(void, PQfreemem, (void *)) \
    F(PGconn *, PQconnectdbParams, (const char *const *, const char *const *, int)) \
    F(void, PQfinish, (PGconn *)) \
    F(int, PQstatus, (const PGconn *)) \
    F(int, PQtransactionStatus, (const PGconn *)) \
    F(char *, PQerrorMessage, (const PGconn *)) \
    F(int, PQserverVersion, (const PGconn *)) \
    F(int, PQbackendPID, (const PGconn *)) \
    F(int, PQsocket, (const PGconn *)) \
    F(char *, PQhost, (const PGconn *)) \
    F(char *, PQdb, (const PGconn *)) \
    F(char *, PQuser, (const PGconn *)) \
    F(int, PQsetnonblocking, (PGconn *, int)) \
    F(int, PQflush, (PGconn *)) \
    F(int, PQisBusy, (PGconn *)) \
    F(int, PQconsumeInput, (PGconn *)) \
    F(PGresult *, PQgetResult, (PGconn *)) \
    F(int, PQsendQuery, (PGconn *, const char *)) \
    F(int, PQsendQueryParams, (PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *, int)) \
    F(int, PQsendPrepare, (PGconn *, const char *, const char *, int, const Oid *)) \
    F(int, PQsendQueryPrepared, (PGconn *, const char *, int, const char *const *, const int *, const int *, int)) \
    F(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn *, PQnoticeProcessor, void *)) \
    F(PGnotify *, PQnotifies, (PGconn *)) \
    F(void, PQclear, (PGresult *)) \
    F(int, PQresultStatus, (const PGresult *)) \
    F(char *, PQresultErrorField, (const PGresult *, int)) \
    F(int, PQntuples, (const PGresult *)) \
    F(int, PQnfields, (const PGresult *)) \
    F(char *, PQfname, (const PGresult *, int)) \
    F(Oid, PQftype, (const PGresult *, int)) \
    F(int, PQgetisnull, (const PGresult *, int, int)) \
    F(char *, PQgetvalue, (const PGresult *, int, int)) \
    F(int, PQgetlength, (const PGresult *, int, int)) \
    F(char *, PQcmdTuples, (PGresult *))

// Since libpq 14: NULL in an older one.
#define PIPELINE_FUNCTIONS(F) \
    F(int, PQenterPipelineMode, (PGconn *)) \
    F(int, PQexitPipelineMode, (PGconn *)) \
    F(int, PQpipelineSync, (PGconn *))

// Written once, under the lock, before anybody can call through it.
static struct {
#define F(type, name, parameters) type(*name) parameters;
    FUNCTIONS(F)
    PIPELINE_FUNCTIONS(F)
#undef F
} pq;
static bool loaded;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#ifdef __APPLE__
static const char *const names[] = {"libpq.5.dylib", NULL};
#else
static const char *const names[] = {"libpq.so.5", NULL};
#endif

static bool load(void *library, char *reason, size_t size) {
#define F(type, name, parameters) \
    *(void **)&pq.name = dlsym(library, #name); \
    if (pq.name == NULL) { \
        snprintf(reason, size, "it has no function %s", #name); \
        return false; \
    }
    FUNCTIONS(F)
#undef F
#define F(type, name, parameters) *(void **)&pq.name = dlsym(library, #name);
    PIPELINE_FUNCTIONS(F)
#undef F
    return true;
}

bool eskiz_libpq_load(const char *name, char *reason, size_t size) {
    const char *const own[] = {name, NULL};
    pthread_mutex_lock(&lock);
    // A name is asked for by tests; what is loaded already stays as it is if that fails.
    bool done = loaded && !name;
    for (const char *const *one = name ? own : names; !done && *one; one++) {
        void *library = dlopen(*one, RTLD_NOW | RTLD_LOCAL);
        if (library) {
            done = load(library, reason, size);
        } else {
            const char *error = dlerror();
            snprintf(reason, size, "%s", error ? error : *one);
        }
    }
    loaded = loaded || done;
    pthread_mutex_unlock(&lock);
    return done;
}

int eskiz_libpq_version(void) { return pq.PQlibVersion(); }

bool eskiz_libpq_check_address(const char *address, char *reason, size_t size) {
    char *error = NULL;
    PQconninfoOption *options = pq.PQconninfoParse(address, &error);
    if (options) pq.PQconninfoFree(options);
    if (error) {
        snprintf(reason, size, "%s", error);
        pq.PQfreemem(error);
    } else if (!options) {
        snprintf(reason, size, "out of memory");
    }
    return options != NULL;
}

// Notices of the server are no business of stderr.
static void drop(void *context, const char *message) {
    (void)context;
    (void)message;
}

PGconn *eskiz_libpq_connect(const char *const *keywords, const char *const *values) {
    PGconn *connection = pq.PQconnectdbParams(keywords, values, 1);
    if (connection) {
        pq.PQsetNoticeProcessor(connection, drop, NULL);
        if (pq.PQstatus(connection) == CONNECTION_OK) pq.PQsetnonblocking(connection, 1);
    }
    return connection;
}

void eskiz_libpq_close(PGconn *connection) { pq.PQfinish(connection); }
bool eskiz_libpq_is_open(const PGconn *connection) { return pq.PQstatus(connection) == CONNECTION_OK; }
bool eskiz_libpq_is_idle(const PGconn *connection) { return pq.PQtransactionStatus(connection) == PQTRANS_IDLE; }
const char *eskiz_libpq_connection_error(const PGconn *connection) { return pq.PQerrorMessage(connection); }
int eskiz_libpq_server_version(const PGconn *connection) { return pq.PQserverVersion(connection); }
int eskiz_libpq_backend(const PGconn *connection) { return pq.PQbackendPID(connection); }
const char *eskiz_libpq_host(const PGconn *connection) { return pq.PQhost(connection); }
const char *eskiz_libpq_database(const PGconn *connection) { return pq.PQdb(connection); }
const char *eskiz_libpq_user(const PGconn *connection) { return pq.PQuser(connection); }

static int64_t milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Waits until the socket is ready: 1 ready, 0 time is over, -1 it is of no use.
static int await_socket(PGconn *connection, short events, int64_t deadline) {
    for (;;) {
        struct pollfd one = {.fd = pq.PQsocket(connection), .events = events};
        if (one.fd < 0) return -1;
        int64_t left = deadline - milliseconds_now();
        int count = poll(&one, 1, left > 0 ? (int)left : 0);
        if (count > 0) return 1;
        if (count == 0 && left <= 0) return 0;
        if (count < 0 && errno != EINTR) return -1;
    }
}

// Sends what is left to send and waits for the next result, NULL for the end of a statement: 1 it is there, 0 time is over,
// -1 the connection is gone.
static int next_result(PGconn *connection, int64_t deadline, PGresult **next) {
    int unsent = pq.PQflush(connection);
    if (unsent < 0) return -1;
    while (pq.PQisBusy(connection) || unsent > 0) {
        int ready = await_socket(connection, POLLIN | (unsent > 0 ? POLLOUT : 0), deadline);
        if (ready == 0) return 0;
        if (ready < 0 || !pq.PQconsumeInput(connection)) return -1;
        if (unsent > 0 && (unsent = pq.PQflush(connection)) < 0) return -1;
    }
    *next = pq.PQgetResult(connection);
    return 1;
}

static bool is_good(const PGresult *result) {
    int status = pq.PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

// Collects the results of what was sent; keeps the first that failed, or else the last.
static EskizLibPQOutcome finish(PGconn *connection, int sent, int milliseconds, PGresult **result) {
    int64_t deadline = milliseconds_now() + milliseconds;
    PGresult *kept = NULL;
    *result = NULL;
    if (!sent) return pq.PQstatus(connection) == CONNECTION_OK ? LIBPQ_REFUSED : LIBPQ_LOST;
    for (;;) {
        PGresult *next = NULL;
        int got = next_result(connection, deadline, &next);
        if (got == 0) {
            *result = kept;
            return LIBPQ_SILENT;
        }
        if (got < 0) goto lost;
        if (!next) break;
        if (kept && !is_good(kept)) {
            pq.PQclear(next);
        } else {
            if (kept) pq.PQclear(kept);
            kept = next;
        }
    }
    *result = kept;
    // A last word of the server, say that it shuts down, is worth more than that the connection is gone.
    if (kept) {
        if (is_good(kept)) return pq.PQstatus(connection) == CONNECTION_OK ? LIBPQ_OK : LIBPQ_LOST;
        if (pq.PQresultErrorField(kept, 'C')) return LIBPQ_REFUSED;
    }
    return LIBPQ_LOST;
lost:
    // What came before the end may say why.
    if (!kept && !pq.PQisBusy(connection)) kept = pq.PQgetResult(connection);
    *result = kept;
    return kept && pq.PQresultErrorField(kept, 'C') ? LIBPQ_REFUSED : LIBPQ_LOST;
}

// Outside of a pipeline it goes out at once.
bool eskiz_libpq_pipeline_add(
    PGconn *connection,
    const char *name,
    const char *sql,
    int count,
    const Oid *types,
    const char *const *values,
    const int *lengths,
    const int *formats
) {
    return name ? pq.PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1) == 1
                : pq.PQsendQueryParams(connection, sql, count, types, values, lengths, formats, 1) == 1;
}

EskizLibPQOutcome eskiz_libpq_run(
    PGconn *connection,
    const char *name,
    const char *sql,
    int count,
    const Oid *types,
    const char *const *values,
    const int *lengths,
    const int *formats,
    int milliseconds,
    PGresult **result
) {
    int sent = eskiz_libpq_pipeline_add(connection, name, sql, count, types, values, lengths, formats);
    return finish(connection, sent, milliseconds, result);
}

EskizLibPQOutcome eskiz_libpq_run_script(PGconn *connection, const char *sql, int milliseconds, PGresult **result) {
    return finish(connection, pq.PQsendQuery(connection, sql), milliseconds, result);
}

EskizLibPQOutcome eskiz_libpq_prepare(
    PGconn *connection, const char *name, const char *sql, int count, const Oid *types, int milliseconds, PGresult **result
) {
    return finish(connection, pq.PQsendPrepare(connection, name, sql, count, types), milliseconds, result);
}

bool eskiz_libpq_can_pipeline(void) { return pq.PQenterPipelineMode && pq.PQexitPipelineMode && pq.PQpipelineSync; }

bool eskiz_libpq_pipeline_begin(PGconn *connection) { return pq.PQenterPipelineMode(connection) == 1; }

EskizLibPQOutcome eskiz_libpq_pipeline_end(PGconn *connection, int count, int milliseconds, PGresult **results, PGresult **failed) {
    int64_t deadline = milliseconds_now() + milliseconds;
    EskizLibPQOutcome outcome = pq.PQpipelineSync(connection) == 1 ? LIBPQ_OK : LIBPQ_LOST;
    bool is_synced = false;
    *failed = NULL;
    for (int index = 0; index < count; index++) results[index] = NULL;
    for (int index = 0; outcome == LIBPQ_OK && !is_synced;) {
        PGresult *next = NULL;
        int got = next_result(connection, deadline, &next);
        if (got == 0) outcome = LIBPQ_SILENT;
        if (got < 0) outcome = LIBPQ_LOST;
        if (got <= 0) break;
        if (!next) {
            // Each statement ends with one, and a connection that is gone answers nothing else.
            if (++index > count || pq.PQstatus(connection) != CONNECTION_OK) outcome = LIBPQ_LOST;
            deadline = milliseconds_now() + milliseconds;
            continue;
        }
        int status = pq.PQresultStatus(next);
        if (status == PGRES_PIPELINE_SYNC) is_synced = true;
        if (index < count && is_good(next) && !results[index]) {
            results[index] = next;
        } else if (!*failed && status != PGRES_PIPELINE_SYNC && status != PGRES_PIPELINE_ABORTED && !is_good(next)) {
            *failed = next;
        } else {
            pq.PQclear(next);
        }
    }
    if (outcome == LIBPQ_OK && pq.PQexitPipelineMode(connection) != 1) outcome = LIBPQ_LOST;
    if (*failed) {
        // A last word of the server is worth more than that the connection is gone.
        if (outcome != LIBPQ_SILENT) outcome = pq.PQresultErrorField(*failed, 'C') ? LIBPQ_REFUSED : LIBPQ_LOST;
    }
    if (outcome != LIBPQ_OK) {
        for (int index = 0; index < count; index++) {
            if (results[index]) pq.PQclear(results[index]);
            results[index] = NULL;
        }
    }
    return outcome;
}

void eskiz_libpq_clear(PGresult *result) { pq.PQclear(result); }
int eskiz_libpq_rows(const PGresult *result) { return pq.PQntuples(result); }
int eskiz_libpq_columns(const PGresult *result) { return pq.PQnfields(result); }
const char *eskiz_libpq_column_name(const PGresult *result, int column) { return pq.PQfname(result, column); }
Oid eskiz_libpq_column_type(const PGresult *result, int column) { return pq.PQftype(result, column); }
bool eskiz_libpq_is_null(const PGresult *result, int row, int column) { return pq.PQgetisnull(result, row, column); }
const char *eskiz_libpq_value(const PGresult *result, int row, int column) { return pq.PQgetvalue(result, row, column); }
int eskiz_libpq_length(const PGresult *result, int row, int column) { return pq.PQgetlength(result, row, column); }

int64_t eskiz_libpq_changed(const PGresult *result) {
    // libpq declares the parameter without const and changes nothing.
    const char *text = pq.PQcmdTuples((PGresult *)result);
    return text && *text ? strtoll(text, NULL, 10) : -1;
}

const char *eskiz_libpq_error_field(const PGresult *result, char field) { return pq.PQresultErrorField(result, field); }

static int take_notifications(PGconn *connection, const char *but, char *channel, size_t size) {
    int count = 0;
    for (PGnotify *one; (one = pq.PQnotifies(connection)) != NULL; pq.PQfreemem(one)) {
        if (but && one->extra && strcmp(one->extra, but) == 0) continue;
        if (count++ == 0) snprintf(channel, size, "%s", one->relname);
    }
    return count > 0;
}

int eskiz_libpq_wait_notification(PGconn *connection, int milliseconds, const char *but, char *channel, size_t size) {
    int64_t deadline = milliseconds_now() + milliseconds;
    for (;;) {
        // What came with an earlier answer is there already.
        if (take_notifications(connection, but, channel, size)) return 1;
        int ready = await_socket(connection, POLLIN, deadline);
        if (ready == 0) return 0;
        if (ready < 0 || !pq.PQconsumeInput(connection) || pq.PQstatus(connection) != CONNECTION_OK) return -1;
    }
}
