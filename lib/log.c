/* SPDX-License-Identifier: BSD-2-Clause */
#include "lib/log.h"

#include <stdarg.h>
#include <stdbool.h>

#include "lib/format.h"
#include "lib/string.h"

#define LOG_PREFIX "anchorite: "
enum { LOG_LINE_SIZE = 320, LOG_KEPT_SIZE = 2048, LOG_LEVEL_DEFAULT = 5 };

static int log_level = LOG_LEVEL_DEFAULT;
static void (*log_sink)(const char *text, size_t size);
static void (*panic_end)(int status);

/* Lines from before the sink, newest last. */
static char kept[LOG_KEPT_SIZE];
static size_t kept_size;

/* Keeps text, forgetting whole lines from the oldest on to make room. size is at most LOG_LINE_SIZE. */
static void keep_text(const char *text, size_t size)
{
    size_t drop = 0;

    while (kept_size - drop + size > LOG_KEPT_SIZE) {
        while (drop < kept_size && kept[drop] != '\n')
            drop++;
        if (drop < kept_size)
            drop++;
    }
    memmove(kept, kept + drop, kept_size - drop);
    kept_size -= drop;
    memcpy(kept + kept_size, text, size);
    kept_size += size;
}

static void emit(const char *text, size_t size)
{
    if (log_sink)
        log_sink(text, size);
    else
        keep_text(text, size);
}

/* The text "prefix + formatted + ending" in one call of the sink; a line that does not fit ends with "...". */
static void emit_args(const char *prefix, const char *ending, const char *fmt, va_list args)
{
    char line[LOG_LINE_SIZE];
    size_t used = format_string(line, sizeof(line), "%s", prefix);
    size_t room = sizeof(line) - used - strlen(ending);
    size_t size = format_args(line + used, room, fmt, args);

    used += size;
    if (size + 1 == room)
        memcpy(line + used - 3, "...", 3);
    used += format_string(line + used, sizeof(line) - used, "%s", ending);
    emit(line, used);
}

void log_set_level(int level)
{
    log_level = level;
}

void log_set_sink(void (*sink)(const char *text, size_t size))
{
    log_sink = sink;
    if (kept_size)
        sink(kept, kept_size);
    kept_size = 0;
}

void panic_set_end(void (*end)(int status))
{
    panic_end = end;
}

void log_line(int severity, const char *fmt, ...)
{
    va_list args;

    if (severity >= log_level)
        return;
    va_start(args, fmt);
    emit_args(LOG_PREFIX, "\n", fmt, args);
    va_end(args);
}

void log_text(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    emit_args("", "", fmt, args);
    va_end(args);
}

void panic(const char *fmt, ...)
{
    static bool panicking;
    va_list args;

    if (!panicking) {
        panicking = true;
        va_start(args, fmt);
        emit_args(LOG_PREFIX "panic: ", "\n", fmt, args);
        va_end(args);
    }
    for (;;)
        panic_end(STATUS_PANIC);
}
