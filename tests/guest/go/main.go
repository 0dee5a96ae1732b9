// SPDX-License-Identifier: BSD-2-Clause

// What Go's runtime needs: threads for its goroutines, timers, signals that interrupt a loop (SIGURG) and become panics (SIGSEGV).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func primes(limit int) (found []int) {
	source := make(chan int)
	go func(out chan<- int) {
		for n := 2; n <= limit; n++ {
			out <- n
		}
		close(out)
	}(source)
	for {
		prime, more := <-source
		if !more {
			return found
		}
		found = append(found, prime)
		next := make(chan int)
		go func(in <-chan int, out chan<- int) {
			for n := range in {
				if n%prime != 0 {
					out <- n
				}
			}
			close(out)
		}(source, next)
		source = next
	}
}

// A thousand goroutines; some hold a thread of their own.
func waitGroup() (sum int64) {
	var group sync.WaitGroup
	var mutex sync.Mutex
	for i := 0; i < 1000; i++ {
		group.Add(1)
		go func(n int) {
			defer group.Done()
			if n%50 == 0 {
				runtime.LockOSThread()
				defer runtime.UnlockOSThread()
				time.Sleep(time.Millisecond)
			}
			mutex.Lock()
			sum += int64(n)
			mutex.Unlock()
		}(i)
	}
	group.Wait()
	return sum
}

// A loop without a call can only be left when a signal interrupts it: with one processor nobody else would run before.
func preempt() int32 {
	var stop int32
	runtime.GOMAXPROCS(1)
	ended := make(chan int32)
	go func() {
		n := int32(0)
		for atomic.LoadInt32(&stop) == 0 {
			n |= 1
		}
		ended <- n
	}()
	time.Sleep(20 * time.Millisecond)
	atomic.StoreInt32(&stop, 1)
	return <-ended
}

type record struct {
	pad   [100]int
	value int
}

// Reads through nil in a chain of calls with deferred functions.
func fault(depth int, r *record, trail *[]string) (err error) {
	defer func() { *trail = append(*trail, fmt.Sprint("left ", depth)) }()
	if depth == 2 {
		defer func() {
			if got := recover(); got != nil {
				err = fmt.Errorf("recovered: %w", got.(runtime.Error))
			}
		}()
	}
	if depth > 0 {
		return fault(depth-1, r, trail)
	}
	r.value++
	return nil
}

func divide(a, b int) (result int, err error) {
	defer func() {
		if got := recover(); got != nil {
			err = got.(error)
		}
	}()
	return a / b, nil
}

// Far apart, for a machine that has other things to do.
func timers() {
	start := time.Now()
	order := make(chan string, 3)
	time.AfterFunc(500*time.Millisecond, func() { order <- "late" })
	time.AfterFunc(10*time.Millisecond, func() { order <- "early" })
	cancelled := time.AfterFunc(10*time.Second, func() { order <- "never" })
	fmt.Println("timers:", cancelled.Stop(), <-order, <-order)
	ticker := time.NewTicker(5 * time.Millisecond)
	for i := 0; i < 3; i++ {
		<-ticker.C
	}
	ticker.Stop()
	limit, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case <-limit.Done():
		fmt.Println("context:", limit.Err(), errors.Is(limit.Err(), context.DeadlineExceeded))
	case <-time.After(10 * time.Second):
		fmt.Println("context: too late")
	}
	fmt.Println("slept long enough:", time.Since(start) >= 520*time.Millisecond)
}

func signals() {
	got := make(chan os.Signal, 1)
	signal.Notify(got, syscall.SIGUSR1)
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGUSR1); err != nil {
		fmt.Println("kill:", err)
	}
	fmt.Println("signal:", <-got)
	signal.Stop(got)
}

// One system call in every thread, whatever each is doing: they are told by a signal.
func everywhere() syscall.Errno {
	const setNoNewPrivileges = 38
	_, _, err := syscall.AllThreadsSyscall(syscall.SYS_PRCTL, setNoNewPrivileges, 1, 0)
	return err
}

// The poller (epoll) wakes who waits for a pipe.
func pipe() {
	reader, writer, err := os.Pipe()
	if err != nil {
		fmt.Println("pipe:", err)
		return
	}
	buffer := make([]byte, 16)
	if err := reader.SetReadDeadline(time.Now().Add(10 * time.Millisecond)); err == nil {
		_, err = reader.Read(buffer)
		fmt.Println("deadline:", errors.Is(err, os.ErrDeadlineExceeded))
		_ = reader.SetReadDeadline(time.Time{})
	}
	go func() {
		time.Sleep(5 * time.Millisecond)
		fmt.Fprint(writer, "through")
		writer.Close()
	}()
	n, err := reader.Read(buffer)
	fmt.Println("pipe:", string(buffer[:n]), err)
}

func main() {
	environment := os.Environ()
	sort.Strings(environment)
	fmt.Printf("args %q env %q\n", os.Args[1:], environment)
	found := primes(300)
	fmt.Println("primes:", len(found), found[len(found)-1])
	fmt.Println("sum:", waitGroup())
	fmt.Println("preempted:", preempt())
	var trail []string
	fmt.Println(fault(4, nil, &trail))
	fmt.Println(strings.Join(trail, ", "))
	fmt.Println(divide(1, len(trail)-5))
	timers()
	signals()
	fmt.Println("everywhere:", int(everywhere()))
	pipe()
	if err := os.WriteFile("/tmp/anchorite-go", []byte("kept"), 0o600); err != nil {
		fmt.Println(err)
	}
	text, err := os.ReadFile("/tmp/anchorite-go")
	fmt.Println("file:", string(text), err, os.Remove("/tmp/anchorite-go"))
	os.Exit(42)
}
