/* SPDX-License-Identifier: BSD-2-Clause */
/* links: x86/apic.c tests/unit/fake/mmio.c */
/* A local APIC and an I/O APIC that see each access, in its order: what they are told, and that a sender who finds one busy for
   ever goes on. */
#include "x86/apic.h"

#include <stdbool.h>

#include "check.h"
#include "fake/mmio.h"
#include "x86/trap.h"

/* Page 0 is the local APIC's, 1 the I/O APIC's, whose registers are behind a selection. */
enum { LOCAL, IO };
enum { ID = 0x20, EOI = 0xb0, SPURIOUS = 0xf0, ICR_LOW = 0x300, ICR_HIGH = 0x310, TIMER = 0x320, LINT0 = 0x350 };
enum { TIMER_INITIAL = 0x380, TIMER_CURRENT = 0x390, TIMER_DIVIDE = 0x3e0, SELECT = 0, WINDOW = 0x10 };
enum { OWN_ID = 0x05000000, TICKS_LEFT = 4711, BUSY = 0x1000, LOG_SIZE = 8, NEVER = 1 << 30 };

struct write {
    uint32_t page, reg, value;
};

static struct {
    struct write log[LOG_SIZE];
    unsigned count, busy, looks; /* busy: so many more looks find the last command not sent; looks at it */
    uint32_t selected;
    bool sent_while_busy;
} chips;

uint32_t mmio_read(unsigned page, uint32_t offset)
{
    if (!CHECK_EQ(page, LOCAL))
        return 0;
    if (offset == ID)
        return OWN_ID;
    if (offset == TIMER_CURRENT)
        return TICKS_LEFT;
    CHECK_EQ(offset, ICR_LOW);
    chips.looks++;
    return chips.busy == 0 ? 0 : (chips.busy--, BUSY);
}

void mmio_write(unsigned page, uint32_t offset, uint32_t value)
{
    if (page == IO && offset == SELECT) {
        chips.selected = value;
        return;
    }
    if (page == IO)
        CHECK_EQ(offset, WINDOW);
    chips.sent_while_busy |= page == LOCAL && offset == ICR_LOW && chips.busy != 0;
    if (CHECK(chips.count < LOG_SIZE))
        chips.log[chips.count++] = (struct write){ page, page == IO ? chips.selected : offset, value };
}

static void start_first(void)
{
    static volatile uint32_t *pages[2];

    if (pages[LOCAL] == 0)
        pages[LOCAL] = fake_mmio_page();
    if (pages[IO] == 0)
        pages[IO] = fake_mmio_page();
    apic_start(pages[LOCAL], pages[IO]);
}

static void send_fixed(void)
{
    apic_send(7, APIC_KICK_VECTOR);
}

static void send_to_last(void)
{
    apic_send(254, XEN_UPCALL_VECTOR);
}

static void send_nmi(void)
{
    apic_send_nmi(3);
}

static void send_init(void)
{
    apic_send_init(1);
}

static void send_startup(void)
{
    apic_send_startup(2, 0x9f);
}

static void arm(void)
{
    apic_timer_arm(0xffffffff);
}

static void route_first(void)
{
    ioapic_route(0, 40);
}

static void route_last(void)
{
    ioapic_route(23, APIC_UART_VECTOR);
}

/* What each call has to write, in order. SDM volume 3, 10.4 to 10.6; 82093AA, 3.2. */
static const struct {
    void (*call)(void);
    unsigned count;
    struct write wants[4];
} rows[] = {
    { start_first,
      4,
      { { LOCAL, LINT0, 0x10000 },
        { LOCAL, TIMER_DIVIDE, 0xb },
        { LOCAL, TIMER, APIC_TIMER_VECTOR },
        { LOCAL, SPURIOUS, 0x12f } } },
    { apic_start_other,
      4,
      { { LOCAL, LINT0, 0x10000 },
        { LOCAL, TIMER_DIVIDE, 0xb },
        { LOCAL, TIMER, APIC_TIMER_VECTOR },
        { LOCAL, SPURIOUS, 0x12f } } },
    { send_fixed, 2, { { LOCAL, ICR_HIGH, 0x07000000 }, { LOCAL, ICR_LOW, 0x4023 } } },
    { send_to_last, 2, { { LOCAL, ICR_HIGH, 0xfe000000 }, { LOCAL, ICR_LOW, 0x4022 } } },
    { send_nmi, 2, { { LOCAL, ICR_HIGH, 0x03000000 }, { LOCAL, ICR_LOW, 0x4400 } } },
    { send_init, 2, { { LOCAL, ICR_HIGH, 0x01000000 }, { LOCAL, ICR_LOW, 0x4500 } } },
    { send_startup, 2, { { LOCAL, ICR_HIGH, 0x02000000 }, { LOCAL, ICR_LOW, 0x469f } } },
    { arm, 1, { { LOCAL, TIMER_INITIAL, 0xffffffff } } },
    { apic_eoi, 1, { { LOCAL, EOI, 0 } } },
    { route_first, 2, { { IO, 0x11, OWN_ID }, { IO, 0x10, 40 } } },
    { route_last, 2, { { IO, 0x3f, OWN_ID }, { IO, 0x3e, APIC_UART_VECTOR } } },
};

static void check_writes(void)
{
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        chips.count = 0;
        rows[i].call();
        CHECK_EQ(chips.count, rows[i].count);
        for (unsigned k = 0; k < chips.count && k < rows[i].count; k++)
            if (!CHECK_EQ(chips.log[k].page, rows[i].wants[k].page) ||
                !CHECK_EQ(chips.log[k].reg, rows[i].wants[k].reg) ||
                !CHECK_EQ(chips.log[k].value, rows[i].wants[k].value))
                printf("    row %u, write %u\n", i, k);
    }
}

static void check_busy(void)
{
    chips.count = 0;
    chips.busy = 1000;
    chips.looks = 0;
    send_nmi();
    CHECK_EQ(chips.looks, 1001);
    CHECK(!chips.sent_while_busy);
    CHECK_EQ(chips.count, 2);
    chips.busy = NEVER;
    chips.looks = 0;
    send_nmi();
    CHECK(chips.looks <= 100000);
    CHECK_EQ(chips.count, 4);
    CHECK_EQ(chips.log[3].value, 0x4400);
    chips.busy = 0;
}

int main(void)
{
    check_writes();
    check_busy();
    CHECK_EQ(apic_timer_count(), TICKS_LEFT);
    return check_done();
}
