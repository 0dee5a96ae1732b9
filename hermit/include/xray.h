/* SPDX-License-Identifier: BSD-2-Clause */
/* HermitCore's profiler, as its programs call it when it is off: nothing is evaluated. */
#ifndef HERMIT_INCLUDE_XRAY_H
#define HERMIT_INCLUDE_XRAY_H

struct XRayTraceCapture;

#define XRayInit(...)       ((struct XRayTraceCapture *)0)
#define XRayShutdown(...)   ((void)0)
#define XRayStartFrame(...) ((void)0)
#define XRayEndFrame(...)   ((void)0)
#define XRayLabelFrame(...) ((void)0)
#define XRaySaveReport(...) ((void)0)
#define XRayReport(...)     ((void)0)
#define XRayAnnotate(...)   ((void)0)

#endif
