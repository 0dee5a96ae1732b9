/* SPDX-License-Identifier: BSD-2-Clause */
/* What Xen's tools ask a domain to do: the key control/shutdown in xenstore. spec/xen.md. */
#ifndef DRIVERS_CONTROL_H
#define DRIVERS_CONTROL_H

enum control_request { CONTROL_NONE, CONTROL_POWEROFF, CONTROL_REBOOT };

/* Begins to watch the key, without waiting. After xenstore_start. A xenstored that does not answer within 10 seconds is told of, and
   heard when it does. */
void control_start(void);

/* A request that came since the last call; it is acknowledged by emptying the key. One that this kernel cannot meet (suspend) is
   named on the console and left to the tools, which give it up. Never waits. */
enum control_request control_poll(void);

#endif
