/* SPDX-License-Identifier: BSD-2-Clause */
/* HermitCore's own calls, as its applications know them. What can fail answers a negative Linux errno. spec/hermit.md. */
#ifndef __SYSCALL_H__
#define __SYSCALL_H__
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/cdefs.h>
#include <sys/types.h>

__BEGIN_DECLS

typedef unsigned int tid_t;
typedef void (*signal_handler_t)(int);

/* The calling thread's id, without a system call but for each thread's first time. */
tid_t sys_getpid(void);

/* There is one program: -ENOSYS. */
int sys_fork(void);
int sys_wait(int *status);
int sys_execve(const char *name, char *const *argv, char *const *env);

/* Priorities do not exist: all threads have HermitCore's middle one, 8. id: null or the caller's own, else -EINVAL. */
int sys_getprio(tid_t *id);
int sys_setprio(tid_t *id, int prio);

/* Ends a thread that sys_clone made; elsewhere the program, without flushing streams. */
void sys_exit(int status) __attribute__((__noreturn__));

ssize_t sys_read(int fd, char *buf, size_t len);
ssize_t sys_write(int fd, const char *buf, size_t len);
int sys_open(const char *name, int flags, int mode);
int sys_close(int fd);
off_t sys_lseek(int fd, off_t offset, int whence);

/* The old end of the heap. */
ssize_t sys_sbrk(ssize_t incr);

void sys_msleep(unsigned int ms);

/* Hundredths of a second since boot. */
size_t sys_get_ticks(void);

/* The semaphores are POSIX's, so both kinds of calls work on them. Waiting 0 ms is waiting for ever; -ETIME: it was in vain. */
int sys_sem_init(sem_t **sem, unsigned int value);
int sys_sem_destroy(sem_t *sem);
int sys_sem_wait(sem_t *sem);
int sys_sem_post(sem_t *sem);
int sys_sem_timedwait(sem_t *sem, unsigned int ms);
int sys_sem_cancelablewait(sem_t *sem, unsigned int ms);

/* Starts a thread in ep, a function of one pointer; nobody waits for its end. */
int sys_clone(tid_t *id, void *ep, void *argv);
void sys_yield(void);

/* A signal to one thread; the handler of all signals that are sent so. */
int sys_kill(tid_t dest, int signum);
int sys_signal(signal_handler_t handler);

/* RCCE with one unit of execution, whose number is 0: its message buffer's address, or 0. */
int sys_rcce_init(int session_id);
size_t sys_rcce_malloc(int session_id, int ue);
int sys_rcce_fini(int session_id);

__END_DECLS

#endif
