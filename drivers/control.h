/* SPDX-License-Identifier: BSD-2-Clause */
/* What Xen's tools ask a domain to do: the key control/shutdown in xenstore. spec/xen.md. */
#ifndef DRIVERS_CONTROL_H
#define DRIVERS_CONTROL_H

enum control_request { CONTROL_NONE, CONTROL_POWEROFF, CONTROL_REBOOT };

/* Watches the key. After xenstore_start; waits for xenstored, 10 seconds at most, and says so when it does not answer. */
void control_start(void);

/* A request that came since the last call; it is acknowledged by emptying the key. One that this kernel cannot meet (suspend) is
   named on the console and left to the tools, which give it up. Never waits. */
enum control_request control_poll(void);

#endif
