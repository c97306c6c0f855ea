// PostgreSQL's client library, loaded while the program runs: it builds and starts without libpq.
//
// The declarations are our own and hold what is used. libpq promises that they stay as they are within version 5 of its
// library (postgresql.org/docs/current/libpq.html). Every function but the first needs a library that was loaded.

#ifndef CESKIZLIBPQ_H
#define CESKIZLIBPQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
typedef unsigned int Oid;

/// Loads libpq, once in a process; later calls answer as the first that succeeded.
///
/// `name`: of the library; NULL for where this system keeps it. `reason` gets what the system says where it cannot be.
bool eskiz_libpq_load(const char *name, char *reason, size_t reasonSize);

/// Version of the library: 150018 is 15.18.
int eskiz_libpq_version(void);

/// Checks an address, a URL or keywords, without connecting. `reason` gets what is wrong with it.
bool eskiz_libpq_check_address(const char *address, char *reason, size_t reasonSize);

/// Connects; never NULL unless memory is short. Ends by the `connect_timeout` of the address, for each host.
PGconn *eskiz_libpq_connect(const char *const *keywords, const char *const *values);
void eskiz_libpq_close(PGconn *connection);
bool eskiz_libpq_is_open(const PGconn *connection);
/// Outside of any transaction.
bool eskiz_libpq_is_idle(const PGconn *connection);
const char *eskiz_libpq_connection_error(const PGconn *connection);
int eskiz_libpq_server_version(const PGconn *connection);
/// The process of the server, as the server or a pooler said it.
int eskiz_libpq_backend(const PGconn *connection);
const char *eskiz_libpq_host(const PGconn *connection);
const char *eskiz_libpq_database(const PGconn *connection);
const char *eskiz_libpq_user(const PGconn *connection);

/// How a statement came back.
typedef enum {
    LIBPQ_OK,
    /// The server said no: see the result's fields.
    LIBPQ_REFUSED,
    /// The connection is gone, perhaps in the middle: nobody knows whether the statement took effect.
    LIBPQ_LOST,
    /// The server has not answered in time: the connection is of no more use.
    LIBPQ_SILENT,
} EskizLibPQOutcome;

/// Runs one statement with parameters and waits for its end, no longer than so many milliseconds.
///
/// `name`: of a statement that was prepared, with NULL for `sql`; or NULL. Results are in binary.
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
);

/// Runs statements without parameters, one or many, and waits for their end; the result is the last one's.
EskizLibPQOutcome eskiz_libpq_run_script(PGconn *connection, const char *sql, int milliseconds, PGresult **result);

/// Prepares a statement under a name.
EskizLibPQOutcome eskiz_libpq_prepare(
    PGconn *connection, const char *name, const char *sql, int count, const Oid *types, int milliseconds, PGresult **result
);

/// Whether several statements can go out together: since libpq 14.
bool eskiz_libpq_can_pipeline(void);

/// Begins to gather statements that go out together.
bool eskiz_libpq_pipeline_begin(PGconn *connection);

/// Adds a statement, as `eskiz_libpq_run` takes it. False if memory is short or the connection is gone.
bool eskiz_libpq_pipeline_add(
    PGconn *connection,
    const char *name,
    const char *sql,
    int count,
    const Oid *types,
    const char *const *values,
    const int *lengths,
    const int *formats
);

/// Sends what was gathered and waits for the end of it, no longer than so many milliseconds for each statement.
///
/// `results` has room for one result of each; they are NULL unless all went well. After a statement that the server refused,
/// none that follows is carried out; `failed` is its result then, and may be there with LIBPQ_LOST as well.
EskizLibPQOutcome eskiz_libpq_pipeline_end(PGconn *connection, int count, int milliseconds, PGresult **results, PGresult **failed);

void eskiz_libpq_clear(PGresult *result);
int eskiz_libpq_rows(const PGresult *result);
int eskiz_libpq_columns(const PGresult *result);
const char *eskiz_libpq_column_name(const PGresult *result, int column);
Oid eskiz_libpq_column_type(const PGresult *result, int column);
bool eskiz_libpq_is_null(const PGresult *result, int row, int column);
const char *eskiz_libpq_value(const PGresult *result, int row, int column);
int eskiz_libpq_length(const PGresult *result, int row, int column);
/// Rows that the statement changed; -1 for none of that.
int64_t eskiz_libpq_changed(const PGresult *result);
/// A field of the server's error by its letter: 'C' SQLSTATE, 'M' message, 'n' constraint, 't' table; NULL if it has none.
const char *eskiz_libpq_error_field(const PGresult *result, char field);

/// Waits for a notification, no longer than so many milliseconds: 1 there is one, 0 there is none, -1 the connection is gone.
///
/// The channel of the first is copied, cut to the size; all that have come are taken. Those that say `but` do not count; NULL for
/// none of them.
int eskiz_libpq_wait_notification(PGconn *connection, int milliseconds, const char *but, char *channel, size_t channelSize);

/// Starts a thread that runs `body(context)` and ends with it. False if the system refuses.
bool eskiz_thread_start(void (*body)(void *), void *context, const char *name);

#endif
