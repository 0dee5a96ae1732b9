/* SPDX-License-Identifier: BSD-2-Clause */
/* links: xen/host.c */
/* A Xen that is asked its few services: what each call says, byte by byte, and what is made of answers that no Xen should give. */
#include "xen/host.h"

#include <errno.h>
#include <string.h>

#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>

#include "check.h"
#include "mm/frame.h"
#include "xen/hypercall.h"

enum { FRAME = 77, OTHER_VALUE = 4711 };

/* The call as Xen sees it, with a copy of what its pointer shows; and what Xen answers and writes there. */
static struct {
    uint32_t number, calls;
    uint64_t a, b, c;
    uint8_t given[64];
} asked;
static uint32_t polled_port;
static int64_t answer;
static uint64_t written;       /* into the word that the call answers in */
static uint32_t written_count; /* ranges of a memory map */

/* Frames: one there is, or none. */
static bool has_frame, is_taken;
static struct table memory[FRAME + 1];
struct table *direct_map = memory;

uint32_t frame_alloc(void)
{
    if (!has_frame || is_taken)
        return FRAME_NONE;
    is_taken = true;
    return FRAME;
}

void frame_free(uint32_t frame)
{
    CHECK(frame == FRAME && is_taken);
    is_taken = false;
}

/* How many bytes Xen reads at the pointer of that call; 0: the call has none. */
static size_t pointed_size(uint32_t number, uint64_t a)
{
    if (number == __HYPERVISOR_memory_op)
        return a == XENMEM_memory_map ? sizeof(struct xen_memory_map) : sizeof(struct xen_add_to_physmap);
    if (number == __HYPERVISOR_hvm_op)
        return sizeof(struct xen_hvm_param);
    if (number == __HYPERVISOR_vcpu_op)
        return sizeof(struct vcpu_set_singleshot_timer);
    if (number == __HYPERVISOR_sched_op)
        return a == SCHEDOP_poll ? sizeof(struct sched_poll) : sizeof(struct sched_shutdown);
    return number == __HYPERVISOR_xen_version && a == XENVER_get_features ? sizeof(struct xen_feature_info) : 0;
}

/* Xen writes its answer whether it succeeds or not: the kernel must not look at it when not. */
static void write_answer(uint32_t number, uint64_t a, void *pointer)
{
    if (number == __HYPERVISOR_hvm_op && a == HVMOP_get_param)
        ((struct xen_hvm_param *)pointer)->value = written;
    if (number == __HYPERVISOR_xen_version && a == XENVER_get_features)
        ((struct xen_feature_info *)pointer)->submap = (uint32_t)written;
    if (number == __HYPERVISOR_memory_op && a == XENMEM_memory_map)
        ((struct xen_memory_map *)pointer)->nr_entries = written_count;
}

int64_t hypercall3(uint32_t number, uint64_t a, uint64_t b, uint64_t c)
{
    size_t size = pointed_size(number, a);
    void *pointer = (void *)(number == __HYPERVISOR_vcpu_op ? c : b);

    asked.calls++;
    asked.number = number;
    asked.a = a;
    asked.b = b;
    asked.c = c;
    memset(asked.given, 0, sizeof asked.given);
    if (size != 0) {
        memcpy(asked.given, pointer, size);
        if (number == __HYPERVISOR_sched_op && a == SCHEDOP_poll && ((struct sched_poll *)pointer)->nr_ports != 0)
            polled_port = *((struct sched_poll *)pointer)->ports.p;
        write_answer(number, a, pointer);
    }
    return answer;
}

int64_t hypercall2(uint32_t number, uint64_t a, uint64_t b)
{
    return hypercall3(number, a, b, 0);
}

static void *given(void)
{
    return asked.given;
}

/* What a call whose only success is 0 makes of an answer. */
static const struct {
    int64_t answer;
    int status;
} zero_rows[] = {
    { 0, 0 },
    { -EPERM, -EPERM },
    { -ENOSYS, -ENOSYS },
    { -4095, -4095 },
    { -4096, -EIO },
    { 1, -EIO },
    { INT64_MAX, -EIO },
    { INT64_MIN, -EIO },
    { 1ll << 32, -EIO },
    { -(1ll << 32), -EIO },
    { 0xffffffffll, -EIO },
};
enum { ZERO_ROWS = sizeof zero_rows / sizeof zero_rows[0] };

static int write_console(void)
{
    return xen_console_write("text", 4);
}

static int set_vector(void)
{
    return xen_set_callback_vector(0xf3);
}

static int set_timer(void)
{
    return xen_set_timer(3, 0x123456789abc);
}

static int poll_until(void)
{
    return xen_poll_until(0x123456789abc);
}

static int poll_port(void)
{
    return xen_poll_port(17);
}

static int get_param(void)
{
    uint64_t value = OTHER_VALUE;
    int status = xen_get_param(HVM_PARAM_STORE_PFN, &value);

    CHECK_EQ(value, status == 0 ? written : OTHER_VALUE);
    return status;
}

/* The calls: what Xen has to be asked, besides what the pointer shows. */
static bool is_text(const void *what)
{
    (void)what;
    return asked.b == 4 && memcmp((const char *)asked.c, "text", 4) == 0;
}

static bool is_vector(const void *what)
{
    const struct xen_hvm_param *param = what;

    return param->domid == DOMID_SELF && param->index == HVM_PARAM_CALLBACK_IRQ && param->value == 0x2000000000000f3;
}

static bool is_timer(const void *what)
{
    const struct vcpu_set_singleshot_timer *timer = what;

    return asked.b == 3 && timer->timeout_abs_ns == 0x123456789abc && timer->flags == 0;
}

static bool is_deadline(const void *what)
{
    const struct sched_poll *poll = what;

    return poll->nr_ports == 0 && poll->timeout == 0x123456789abc;
}

static bool is_port(const void *what)
{
    const struct sched_poll *poll = what;

    return poll->nr_ports == 1 && poll->timeout == 0 && polled_port == 17;
}

static bool is_param(const void *what)
{
    const struct xen_hvm_param *param = what;

    return param->domid == DOMID_SELF && param->index == HVM_PARAM_STORE_PFN;
}

static const struct {
    int (*call)(void);
    uint32_t number;
    uint64_t a;
    bool (*is_good)(const void *what);
} calls[] = {
    { write_console, __HYPERVISOR_console_io, CONSOLEIO_write, is_text },
    { set_vector, __HYPERVISOR_hvm_op, HVMOP_set_param, is_vector },
    { set_timer, __HYPERVISOR_vcpu_op, VCPUOP_set_singleshot_timer, is_timer },
    { poll_until, __HYPERVISOR_sched_op, SCHEDOP_poll, is_deadline },
    { poll_port, __HYPERVISOR_sched_op, SCHEDOP_poll, is_port },
    { get_param, __HYPERVISOR_hvm_op, HVMOP_get_param, is_param },
};

static void check_calls(void)
{
    written = 0x8877665544332211;
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        for (unsigned k = 0; k < ZERO_ROWS; k++) {
            answer = zero_rows[k].answer;
            asked.calls = 0;
            if (!CHECK_EQ(calls[i].call(), zero_rows[k].status) || !CHECK_EQ(asked.calls, 1) ||
                !CHECK_EQ(asked.number, calls[i].number) || !CHECK_EQ(asked.a, calls[i].a) ||
                !CHECK(calls[i].is_good(asked.given)))
                printf("    call %u, answer %u\n", i, k);
        }
    }
}

/* A page that Xen refuses costs no frame, and without a frame Xen is not asked. */
static void check_place_page(void)
{
    const struct xen_add_to_physmap *add = given();

    has_frame = true;
    for (unsigned k = 0; k < ZERO_ROWS; k++) {
        answer = zero_rows[k].answer;
        is_taken = false;
        CHECK_EQ(xen_place_page(XENMAPSPACE_grant_table, 5), answer == 0 ? FRAME : FRAME_NONE);
        CHECK_EQ(is_taken, answer == 0);
        CHECK(asked.number == __HYPERVISOR_memory_op && asked.a == XENMEM_add_to_physmap);
        CHECK(add->domid == DOMID_SELF && add->space == XENMAPSPACE_grant_table && add->idx == 5 && add->gpfn == FRAME);
    }
    has_frame = false;
    asked.calls = 0;
    answer = 0;
    CHECK_EQ(xen_place_page(XENMAPSPACE_grant_table, 5), FRAME_NONE);
    CHECK_EQ(asked.calls, 0);
}

/* Mapped by the first call that Xen does not refuse, and never again. */
static void check_shared_info(void)
{
    const struct xen_add_to_physmap *add = given();

    has_frame = true;
    is_taken = false;
    answer = -EPERM;
    CHECK(xen_shared_info() == NULL);
    answer = 0;
    CHECK_EQ(xen_shared_info(), &memory[FRAME]);
    CHECK(add->space == XENMAPSPACE_shared_info && add->idx == 0);
    asked.calls = 0;
    CHECK_EQ(xen_shared_info(), &memory[FRAME]);
    CHECK_EQ(asked.calls, 0);
}

/* Versions and features: what Xen does not say is none. */
static void check_questions(void)
{
    static const struct {
        int64_t answer;
        uint32_t version;
    } rows[] = {
        { 0x40011, 0x40011 }, { 0, 0 },           { -ENOSYS, 0 },   { 0x7fffffff, 0x7fffffff },
        { 0x80000000, 0 },    { 0x100040011, 0 }, { INT64_MIN, 0 }, { INT64_MAX, 0 },
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer = rows[i].answer;
        CHECK_EQ(xen_version(), rows[i].version);
        CHECK(asked.number == __HYPERVISOR_xen_version && asked.a == XENVER_version && asked.b == 0);
    }
    written = 0xffffffff80000001;
    for (unsigned k = 0; k < ZERO_ROWS; k++) {
        answer = zero_rows[k].answer;
        for (unsigned feature = 0; feature < 32; feature++)
            CHECK_EQ(xen_has_feature(feature), answer == 0 && (feature == 0 || feature == 31));
        CHECK_EQ(((struct xen_feature_info *)given())->submap_idx, 0);
    }
}

/* Calls that count: no count is more than was asked for. */
static void check_counts(void)
{
    static const struct {
        int64_t answer, count;
    } rows[] = {
        { 0, 0 },        { 10, 10 },          { 11, -EIO },        { -EPERM, -EPERM },
        { -4096, -EIO }, { INT64_MIN, -EIO }, { INT64_MAX, -EIO },
    };
    struct xen_memory_range ranges[10];
    char text[10];

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        answer = rows[i].answer;
        CHECK_EQ(xen_console_read(text, sizeof text), rows[i].count);
        CHECK(asked.number == __HYPERVISOR_console_io && asked.a == CONSOLEIO_read && asked.b == 10 &&
              asked.c == (uint64_t)text);
    }
    for (unsigned k = 0; k < ZERO_ROWS; k++) {
        const struct xen_memory_map *map = given();

        answer = zero_rows[k].answer;
        for (written_count = 9; written_count < 12; written_count++)
            CHECK_EQ(xen_memory_map(ranges, 10), answer != 0          ? zero_rows[k].status
                                                 : written_count < 11 ? (int)written_count
                                                                      : -EIO);
        CHECK(asked.a == XENMEM_memory_map && map->nr_entries == 10 && map->buffer.p == ranges);
    }
    answer = 0;
    written_count = UINT32_MAX;
    CHECK_EQ(xen_memory_map(ranges, 10), -EIO);
}

static void check_shutdown(void)
{
    static const enum xen_shutdown reasons[] = { XEN_SHUTDOWN_POWEROFF, XEN_SHUTDOWN_REBOOT, XEN_SHUTDOWN_CRASH };

    answer = -EPERM; /* then it comes back */
    for (unsigned i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        xen_shutdown(reasons[i]);
        CHECK(asked.number == __HYPERVISOR_sched_op && asked.a == SCHEDOP_shutdown);
        CHECK_EQ(((struct sched_shutdown *)given())->reason, reasons[i]);
    }
}

int main(void)
{
    check_calls();
    check_place_page();
    check_shared_info();
    check_questions();
    check_counts();
    check_shutdown();
    return check_done();
}
