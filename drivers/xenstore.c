/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/xenstore.h"

#include <linux/errno.h>
#include <stddef.h>

#include "lib/decimal.h"
#include "lib/format.h"
#include "lib/log.h"
#include "lib/string.h"
#include "xen/byte_ring.h"
#include "xen/xs_error.h"
#include "xen/xs_msg.h"

enum { POLL_MESSAGES = 64, TRANSACTION_TRIES = 8, TOKEN_SIZE = 12 };

_Static_assert(XENSTORE_REQUESTS == XS_CALLS, "one slot for each");
_Static_assert(XENSTORE_WATCHES <= 32, "one bit for each");

/* What is kept of a request until its end. */
struct call {
    enum xsd_sockmsg_type type;
    char *dst;
    uint32_t size;
    int result;
    uint64_t deadline_ns;
};

static int unusable = -ENODEV; /* 0 from the start on, -EIO when it broke */

static struct {
    struct xenstore_host host;
    struct byte_ring_reader from;
    struct byte_ring_writer to;
    struct xs_in in;
    struct xs_out out;
    struct xs_calls calls;
    struct call call[XENSTORE_REQUESTS];
    uint32_t watched, fired; /* a bit for each watch */
    char path[XENSTORE_WATCHES][XENSTORE_WATCH_SIZE];
} xs;

void xenstore_start(const struct xenstore_host *host)
{
    memset(&xs, 0, sizeof(xs));
    xs.host = *host;
    xs_calls_init(&xs.calls);
    byte_ring_open_xenstore(host->page, &xs.from, &xs.to);
    unusable = 0;
}

static void break_off(const char *why)
{
    unusable = -EIO;
    log_error("xenstore: %s: not used any more", why);
}

/* The body of the message that came, ended by a NUL. */
static const char *body(void)
{
    return (const char *)xs.in.bytes + XS_HEADER_SIZE;
}

/* How the reply that came ends this call. */
static int judge_reply(const struct call *call)
{
    if (xs.in.type == XS_ERROR)
        return xs_error_number(body(), xs.in.length);
    if (xs.in.type != call->type)
        return -EPROTO;
    if (call->dst == NULL)
        return 0;
    if (xs.in.length >= call->size)
        return -ERANGE;
    memcpy(call->dst, body(), xs.in.length + 1);
    return (int)xs.in.length;
}

static void take_reply(void)
{
    int slot = xs_calls_answer(&xs.calls, xs.in.req_id);

    if (slot != XS_NO_CALL)
        xs.call[slot].result = judge_reply(&xs.call[slot]);
}

/* An event of no watch of ours is from one that has ended, or a lie: nobody asks for it. */
static void take_event(void)
{
    uint32_t at, size;
    uint64_t watch;

    if (xs_msg_find_token(&xs.in, &at, &size) && decimal_parse(body() + at, size, XENSTORE_WATCHES - 1, &watch))
        xs.fired |= 1u << watch;
}

/* Takes one message, if there is a whole one. */
static bool take_message(void)
{
    enum xs_arrival arrival = xs_msg_poll(&xs.in, &xs.from);

    if (arrival == XS_REPLY)
        take_reply();
    else if (arrival == XS_EVENT)
        take_event();
    else if (arrival == XS_BROKEN)
        break_off("an answer of more than 4096 bytes, or more than its ring holds");
    return arrival == XS_REPLY || arrival == XS_EVENT;
}

bool xenstore_poll(void)
{
    uint32_t next = xs.from.next;
    unsigned taken = 0;
    int sent = 0;

    if (unusable == 0)
        sent = xs_msg_send(&xs.out, &xs.to);
    if (sent < 0)
        break_off("it took more requests than there were");
    if (unusable)
        return false;
    while (taken < POLL_MESSAGES && take_message())
        taken++;
    if (sent > 0 || xs.from.next != next)
        xs.host.notify();
    return taken == POLL_MESSAGES;
}

/* A number of an open call, or what the kernel itself did wrong. */
static bool is_open(int request)
{
    return request >= 0 && request < (int)XENSTORE_REQUESTS && xs.calls.state[request] != XS_CALL_FREE;
}

int xenstore_begin(enum xsd_sockmsg_type type, uint32_t transaction, const char *path, const char *value, char *dst,
                   uint32_t size)
{
    /* Only a value that is written goes without its NUL (docs/misc/xenstore.txt). */
    uint32_t value_size = value ? (uint32_t)strlen(value) + (type != XS_WRITE) : 0;
    int slot;

    if (unusable)
        return unusable;
    slot = xs.out.sent < xs.out.size ? XS_NO_CALL : xs_calls_open(&xs.calls);
    if (slot == XS_NO_CALL)
        return -EBUSY;
    if (!xs_msg_make(&xs.out, type, xs.calls.id[slot], transaction, (const uint8_t *)path, (uint32_t)strlen(path) + 1,
                     (const uint8_t *)value, value_size)) {
        xs_calls_close(&xs.calls, (uint32_t)slot);
        return -E2BIG;
    }
    xs.call[slot] = (struct call){ type, dst, size, 0, xs.host.clock() + XENSTORE_TIMEOUT_NS };
    xenstore_poll();
    return slot;
}

int xenstore_end(int request)
{
    int result;

    if (!is_open(request))
        return -EINVAL;
    xenstore_poll();
    if (xs.calls.state[request] == XS_CALL_ANSWERED)
        result = xs.call[request].result;
    else if (unusable)
        result = unusable;
    else if (xs.host.clock() >= xs.call[request].deadline_ns)
        result = -ETIMEDOUT;
    else
        return -EINPROGRESS;
    xs_calls_close(&xs.calls, (uint32_t)request);
    return result;
}

void xenstore_abandon(int request)
{
    if (is_open(request))
        xs_calls_close(&xs.calls, (uint32_t)request);
}

/* Sleeps until something may have changed; false: the deadline is over. */
static bool rest(uint64_t deadline_ns)
{
    if (xs.host.clock() >= deadline_ns)
        return false;
    if (!xenstore_poll())
        xs.host.idle_until(deadline_ns);
    return true;
}

/* Begins as soon as there is room, and waits for the end. */
static int ask(enum xsd_sockmsg_type type, uint32_t transaction, const char *path, const char *value, char *dst,
               uint32_t size)
{
    uint64_t deadline_ns = unusable ? 0 : xs.host.clock() + XENSTORE_TIMEOUT_NS;
    int request, result;

    while ((request = xenstore_begin(type, transaction, path, value, dst, size)) == -EBUSY)
        if (!rest(deadline_ns))
            return -ETIMEDOUT;
    if (request < 0)
        return request;
    while ((result = xenstore_end(request)) == -EINPROGRESS && rest(deadline_ns))
        ;
    xenstore_abandon(request);
    return result == -EINPROGRESS ? -ETIMEDOUT : result;
}

int xenstore_read(uint32_t transaction, const char *path, char *dst, uint32_t size)
{
    return ask(XS_READ, transaction, path, NULL, dst, size);
}

int xenstore_read_number(uint32_t transaction, const char *path, uint64_t max, uint64_t *value)
{
    char text[XENSTORE_VALUE_SIZE];
    int length = xenstore_read(transaction, path, text, sizeof(text));

    if (length < 0)
        return length == -ERANGE ? -EINVAL : length;
    return decimal_parse(text, (uint32_t)length, max, value) ? 0 : -EINVAL;
}

int xenstore_write(uint32_t transaction, const char *path, const char *value)
{
    return ask(XS_WRITE, transaction, path, value, NULL, 0);
}

int xenstore_write_number(uint32_t transaction, const char *path, uint64_t value)
{
    char text[XENSTORE_VALUE_SIZE];

    format_string(text, sizeof(text), "%lu", value);
    return xenstore_write(transaction, path, text);
}

int xenstore_mkdir(uint32_t transaction, const char *path)
{
    return ask(XS_MKDIR, transaction, path, NULL, NULL, 0);
}

int xenstore_remove(uint32_t transaction, const char *path)
{
    return ask(XS_RM, transaction, path, NULL, NULL, 0);
}

int xenstore_list(uint32_t transaction, const char *path, char *dst, uint32_t size)
{
    return ask(XS_DIRECTORY, transaction, path, NULL, dst, size);
}

const char *xenstore_next_name(const char *names, uint32_t size, const char *name)
{
    const char *next = name ? name + strlen(name) + 1 : names;

    return next < names + size ? next : NULL;
}

int xenstore_transact(int (*work)(uint32_t transaction, void *arg), void *arg)
{
    int result = -EAGAIN;

    for (unsigned i = 0; i < TRANSACTION_TRIES && result == -EAGAIN; i++) {
        char text[TOKEN_SIZE];
        uint64_t transaction;
        int length = ask(XS_TRANSACTION_START, XENSTORE_NO_TRANSACTION, "", NULL, text, sizeof(text)), worked;

        if (length < 0)
            return length;
        length -= length > 0 && text[length - 1] == 0; /* xenstored ends this one by a NUL */
        if (!decimal_parse(text, (uint32_t)length, UINT32_MAX, &transaction) || transaction == XENSTORE_NO_TRANSACTION)
            return -EPROTO;
        worked = work((uint32_t)transaction, arg);
        result = ask(XS_TRANSACTION_END, (uint32_t)transaction, worked < 0 ? "F" : "T", NULL, NULL, 0);
        if (worked < 0)
            return worked;
    }
    return result;
}

/* A number for a watch of the path, and as the token that xenstored says with each event. */
static int open_watch(const char *path, char token[static TOKEN_SIZE])
{
    uint32_t size = (uint32_t)strlen(path) + 1, watch = 0;

    if (size > XENSTORE_WATCH_SIZE)
        return -E2BIG;
    while (watch < XENSTORE_WATCHES && (xs.watched >> watch) & 1)
        watch++;
    if (watch == XENSTORE_WATCHES)
        return -EBUSY;
    memcpy(xs.path[watch], path, size);
    xs.watched |= 1u << watch;
    xs.fired &= ~(1u << watch);
    format_string(token, TOKEN_SIZE, "%u", watch);
    return (int)watch;
}

int xenstore_watch(const char *path)
{
    char token[TOKEN_SIZE];
    int watch = open_watch(path, token), result;

    if (watch < 0)
        return watch;
    result = ask(XS_WATCH, XENSTORE_NO_TRANSACTION, path, token, NULL, 0);
    /* There already: our own, whose answer came too late. */
    if (result == -EEXIST)
        xs.fired |= 1u << watch;
    else if (result < 0)
        xs.watched &= ~(1u << watch);
    return result < 0 && result != -EEXIST ? result : watch;
}

int xenstore_watch_begin(const char *path, int *request)
{
    char token[TOKEN_SIZE];
    int watch = open_watch(path, token), begun;

    if (watch < 0)
        return watch;
    begun = xenstore_begin(XS_WATCH, XENSTORE_NO_TRANSACTION, path, token, NULL, 0);
    if (begun < 0) {
        xs.watched &= ~(1u << watch);
        return begun;
    }
    *request = begun;
    return watch;
}

static bool is_watched(int watch)
{
    return watch >= 0 && watch < (int)XENSTORE_WATCHES && (xs.watched >> watch) & 1;
}

int xenstore_unwatch(int watch)
{
    char token[TOKEN_SIZE];
    int result;

    if (!is_watched(watch))
        return -EINVAL;
    format_string(token, sizeof(token), "%u", (uint32_t)watch);
    result = ask(XS_UNWATCH, XENSTORE_NO_TRANSACTION, xs.path[watch], token, NULL, 0);
    xs.watched &= ~(1u << watch);
    return result;
}

bool xenstore_fired(int watch)
{
    bool has_fired;

    xenstore_poll();
    has_fired = unusable == -EIO || (is_watched(watch) && (xs.fired >> watch) & 1);
    if (is_watched(watch))
        xs.fired &= ~(1u << watch);
    return has_fired;
}

int xenstore_wait(int watch, uint64_t deadline_ns)
{
    if (!is_watched(watch))
        return -EINVAL;
    while (!xenstore_fired(watch))
        if (!rest(deadline_ns))
            return -ETIMEDOUT;
    return unusable;
}
