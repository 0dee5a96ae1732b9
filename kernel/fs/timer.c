/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/fs/timer.h"
#include "drivers/platform.h"
#include "kernel/fs/node.h"
#include "kernel/fs/wait.h"
#include "kernel/sched.h"
#include "kernel/signal.h"
#include "lib/limits.h"
#include <linux/errno.h>
#include <linux/poll.h>
#include <stddef.h>

/* Those that will expire, the earliest first. A timer that has expired is not in it until somebody asks how often, so that one
   that nobody reads costs nothing, however short its interval is. */
static uint32_t queue;

static void queue_insert(uint32_t id)
{
    struct node *timer = node_at(id);
    uint32_t before = 0, behind = queue;
    while (behind != 0 && node_at(behind)->cookie <= timer->cookie) {
        before = behind;
        behind = node_at(behind)->next;
    }
    timer->state = TIMER_QUEUED;
    timer->previous = before;
    timer->next = behind;
    *(before != 0 ? &node_at(before)->next : &queue) = id;
    if (behind != 0)
        node_at(behind)->previous = id;
}

static void queue_remove(struct node *timer)
{
    *(timer->previous != 0 ? &node_at(timer->previous)->next : &queue) = timer->next;
    if (timer->next != 0)
        node_at(timer->next)->previous = timer->previous;
    timer->state = TIMER_IDLE;
}

uint32_t timer_make(uint32_t clock)
{
    uint32_t id = node_create(S_IRUSR | S_IWUSR, NODE_TIMER);
    if (id != 0)
        node_at(id)->clock = (uint16_t)clock;
    return id;
}

void timer_set(uint32_t node, uint64_t due, uint64_t interval)
{
    struct node *timer = node_at(node);
    if (timer->state == TIMER_QUEUED)
        queue_remove(timer);
    timer->state = TIMER_IDLE;
    timer->cookie = due;
    timer->interval = interval;
    timer->ticks = 0;
    if (due != 0)
        queue_insert(node);
    node_changed(node, 0);
}

/* A timer that expired catches up with its interval, and will expire again. */
static void timer_go_on(uint32_t id)
{
    struct node *timer = node_at(id);
    if (timer->state != TIMER_EXPIRED || timer->interval == 0)
        return;
    uint64_t missed = (platform.clock_monotonic() - timer->cookie) / timer->interval;
    timer->ticks += missed;
    timer->cookie = sum_at_most(timer->cookie + missed * timer->interval, timer->interval);
    queue_insert(id);
}

uint64_t timer_left(uint32_t node)
{
    timer_run();
    timer_go_on(node);
    const struct node *timer = node_at(node);
    if (timer->state != TIMER_QUEUED)
        return 0;
    uint64_t now = platform.clock_monotonic();
    return timer->cookie > now ? timer->cookie - now : 1;
}

int64_t timer_read(const struct open_file *file, const struct io_buffer *to, uint64_t n)
{
    struct node *timer = node_at(file->node);
    if (n < sizeof(timer->ticks))
        return -EINVAL;
    for (timer_run(); timer->ticks == 0; timer_run()) {
        if ((file->flags & O_NONBLOCK) != 0)
            return -EAGAIN;
        int status = node_wait(file->node, SCHED_FOREVER);
        if (status == -EINTR)
            return -ERESTARTSYS;
    }
    timer_go_on(file->node);
    uint64_t ticks = timer->ticks;
    timer->ticks = 0;
    return io_give_word(to, ticks) == 0 ? (int64_t)sizeof(ticks) : -EFAULT;
}

unsigned timer_poll(const struct open_file *file)
{
    return node_at(file->node)->ticks != 0 ? POLLIN | POLLRDNORM : 0;
}

void timer_close(uint32_t node)
{
    struct node *timer = node_at(node);
    if (timer->state == TIMER_QUEUED)
        queue_remove(timer);
}

uint64_t timer_next(void)
{
    return queue != 0 ? node_at(queue)->cookie : SCHED_FOREVER;
}

void timer_run(void)
{
    if (queue == 0)
        return;
    uint64_t now = platform.clock_monotonic();
    while (queue != 0 && node_at(queue)->cookie <= now) {
        uint32_t id = queue;
        queue_remove(node_at(id));
        node_at(id)->state = TIMER_EXPIRED;
        node_at(id)->ticks++;
        node_changed(id, POLLIN | POLLRDNORM);
    }
}
