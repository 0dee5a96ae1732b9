/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel messages: one line each, to a sink that a higher room registers; the last lines are kept until then. */
#ifndef LIB_LOG_H
#define LIB_LOG_H
#include <stddef.h>

/* Linux's loglevel numbers: a message is shown when its level is below log_level. */
enum log_severity { LOG_ERROR = 3, LOG_WARN = 4, LOG_INFO = 6, LOG_DEBUG = 7 };

/* loglevel=N; the default shows errors and warnings only, so that the console belongs to the application. */
void log_set_level(int level);

/* Where lines go from now on; what was kept before is written at once. The sink never blocks. */
void log_set_sink(void (*sink)(const char *text, size_t size));

/* What ends the machine after a panic; it gets the kernel's status for it. */
void panic_set_end(void (*end)(int status));

/* One line, without its newline. */
void log_line(int severity, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

/* Text that is always shown, as it is: reports and the closing line. */
void log_text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The kernel found itself wrong: one line, then the end with status 125. Also when it happens inside a panic. */
_Noreturn void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

enum { STATUS_PANIC = 125, STATUS_REFUSED = 126, STATUS_NO_APPLICATION = 127 };

#endif
