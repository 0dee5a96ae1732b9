/* SPDX-License-Identifier: BSD-2-Clause */
#include "drivers/control.h"

#include <linux/errno.h>
#include <stdbool.h>

#include "drivers/xenstore.h"
#include "lib/log.h"
#include "lib/string.h"

#define SHUTDOWN_KEY "control/shutdown"

/* A host that writes nonsense without end gets so many lines. */
enum { REFUSALS_TOLD = 32 };

static struct {
    enum { CONTROL_OFF, CONTROL_BEGINNING, CONTROL_WATCHING, CONTROL_READING, CONTROL_ANSWERING } state;
    bool is_due; /* the watch fired, and the key was not asked for yet */
    int watch, request;
    uint32_t refusals;
    char value[XENSTORE_VALUE_SIZE];
} control;

/* What came of the watch. A xenstored that is only late hears of it when it goes on. */
static void take_watch(int result)
{
    bool is_watching = result >= 0 || result == -ETIMEDOUT;

    control.state = is_watching ? CONTROL_WATCHING : CONTROL_OFF;
    if (result == -ETIMEDOUT)
        log_warn("xenstore does not answer: this domain cannot be asked to shut down as long");
    else if (!is_watching)
        log_warn("xenstore refuses to watch %s (%d): this domain cannot be asked to shut down", SHUTDOWN_KEY, -result);
}

void control_start(void)
{
    control.watch = xenstore_watch_begin(SHUTDOWN_KEY, &control.request);
    if (control.watch >= 0)
        control.state = CONTROL_BEGINNING;
    else
        take_watch(control.watch);
}

static enum control_request judge(const char *word)
{
    if (strcmp(word, "poweroff") == 0 || strcmp(word, "halt") == 0)
        return CONTROL_POWEROFF;
    if (strcmp(word, "reboot") == 0)
        return CONTROL_REBOOT;
    if (control.refusals == REFUSALS_TOLD)
        return CONTROL_NONE;
    control.refusals++;
    if (strcmp(word, "suspend") == 0)
        log_warn("the host asks for suspend: not possible here");
    else
        log_warn("the host asks for something unknown in %s", SHUTDOWN_KEY);
    return CONTROL_NONE;
}

/* Begins a request and, when there can be one now, goes on to that state: the request's error otherwise. */
static int begin(int state, enum xsd_sockmsg_type type, const char *value)
{
    int request =
        xenstore_begin(type, XENSTORE_NO_TRANSACTION, SHUTDOWN_KEY, value, control.value, sizeof(control.value));

    if (request >= 0) {
        control.request = request;
        control.state = state;
    }
    return request;
}

static enum control_request take_value(int length)
{
    enum control_request request = CONTROL_NONE;

    control.state = CONTROL_WATCHING;
    if (length > 0)
        request = judge(control.value);
    if (request != CONTROL_NONE) {
        log_warn("the host asks for %s", control.value);
        (void)begin(CONTROL_ANSWERING, XS_WRITE, "");
    }
    return request;
}

/* Asks for the key when it may have changed; a request that finds no room is tried again at the next event. */
static void watch_key(void)
{
    int request;

    control.is_due |= xenstore_fired(control.watch);
    if (!control.is_due)
        return;
    request = begin(CONTROL_READING, XS_READ, 0);
    control.is_due = request == -EBUSY;
    if (request == -EIO)
        control.state = CONTROL_OFF;
}

enum control_request control_poll(void)
{
    int result;

    if (control.state == CONTROL_OFF)
        return CONTROL_NONE;
    if (control.state == CONTROL_WATCHING)
        watch_key();
    if (control.state == CONTROL_OFF || control.state == CONTROL_WATCHING)
        return CONTROL_NONE;
    result = xenstore_end(control.request);
    if (result == -EINPROGRESS)
        return CONTROL_NONE;
    if (control.state == CONTROL_READING)
        return take_value(result);
    if (control.state == CONTROL_BEGINNING)
        take_watch(result);
    else
        control.state = CONTROL_WATCHING;
    return CONTROL_NONE;
}
