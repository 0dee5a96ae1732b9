/* SPDX-License-Identifier: BSD-2-Clause */
/* Every macro of xray.h stands for nothing, in the places where programs have them. */
#include <stdio.h>
#include <xray.h>

int main(void)
{
    int evaluated = 0;
    struct XRayTraceCapture *trace = XRayInit(5, 4 * 1000 * 1000, 10, "/path/to/map");

    XRayStartFrame(trace);
    XRayAnnotate("i = %i", evaluated++);
    if (trace)
        XRayLabelFrame(trace, "first");
    else
        XRayEndFrame(trace);
    XRaySaveReport(trace, "file", 0.05f, 1000);
    XRayReport(trace, stdout, 0.05f, 1000);
    XRayShutdown(trace);
    printf("trace %s, %d evaluated\n", trace ? "made" : "not made", evaluated);
    return 0;
}
