/* SPDX-License-Identifier: BSD-2-Clause */
/* links: */
/* Who is taken for Xen, by CPUID leaves that the test makes up. The calls themselves are instructions for Xen and stay out. */
#include "xen/hypercall.h"

#include <string.h>

#include "check.h"
#include "x86/cpu.h"

static struct cpuid made_up(uint32_t leaf, uint32_t subleaf);
#define cpuid(leaf, subleaf) made_up(leaf, subleaf)
#include "xen/hypercall.c"
#undef cpuid

enum { FIRST = 0x40000000, BEHIND = 0x40000100, NOWHERE = 1 };

/* This CPU: where Xen's leaves are, up to which, and what the time leaf says; a vendor; a byte of the name that is another one. */
static struct {
    const char *vendor;
    uint32_t first, last, time;
    unsigned wrong;
} machine;

static void give(struct cpuid *out, const char *b, const char *c, const char *d)
{
    memcpy(&out->ebx, b, 4);
    memcpy(&out->ecx, c, 4);
    memcpy(&out->edx, d, 4);
}

static struct cpuid made_up(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid out = { 0 };

    CHECK_EQ(subleaf, 0);
    if (leaf == 0) /* a vendor's name is in ebx, edx, ecx */
        give(&out, machine.vendor, machine.vendor + 8, machine.vendor + 4);
    else if (leaf == machine.first)
        give(&out, machine.wrong == 1 ? "YenV" : "XenV", machine.wrong == 2 ? "MMXf" : "MMXe",
             machine.wrong == 3 ? "nWMM" : "nVMM");
    else if (leaf == FIRST)
        give(&out, "Micr", "osof", "t Hv");
    if (leaf == machine.first)
        out.eax = machine.last;
    if (leaf == machine.first + 3)
        out.eax = machine.time;
    return out;
}

static void check_finding(void)
{
    static const struct {
        const char *vendor;
        uint32_t first;
        unsigned wrong;
        bool found, vmmcall;
    } rows[] = {
        { "GenuineIntel", FIRST, 0, true, false },    { "GenuineIntel", BEHIND, 0, true, false },
        { "AuthenticAMD", FIRST, 0, true, true },     { "HygonGenuine", BEHIND, 0, true, true },
        { "GenuineIntel", NOWHERE, 0, false, false }, { "GenuineIntel", FIRST + 0x200, 0, false, false },
        { "GenuineIntel", FIRST, 1, false, false },   { "GenuineIntel", FIRST, 2, false, false },
        { "GenuineIntel", FIRST, 3, false, false },   { "GenuineIntel", BEHIND, 3, false, false },
        { "AuthenticamD", FIRST, 0, true, true },     { "CentaurHauls", FIRST, 0, true, false },
    };

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        machine.vendor = rows[i].vendor;
        machine.first = rows[i].first;
        machine.wrong = rows[i].wrong;
        if (!CHECK_EQ(hypercall_init(), rows[i].found) || !CHECK_EQ(has_vmmcall, rows[i].vmmcall))
            printf("    row %u\n", i);
    }
}

/* Is the TSC good: only by Xen's time leaf, when there is one. */
static void check_tsc(void)
{
    static const struct {
        uint32_t last, time;
        bool good;
    } rows[] = {
        { 5, 0, false }, { 5, 1, true },  { 5, 2, true }, { 5, 3, true },
        { 5, 4, false }, { 2, 3, false }, { 3, 1, true }, { 5, 0xfffffffc, false },
    };

    machine.vendor = "GenuineIntel";
    machine.wrong = 0;
    for (unsigned i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        machine.first = i % 2 ? BEHIND : FIRST;
        machine.last = machine.first + rows[i / 2].last;
        machine.time = rows[i / 2].time;
        CHECK(hypercall_init());
        if (!CHECK_EQ(xen_tsc_is_good(), rows[i / 2].good))
            printf("    row %u at 0x%x\n", i / 2, machine.first);
    }
}

int main(void)
{
    check_finding();
    check_tsc();
    return check_done();
}
