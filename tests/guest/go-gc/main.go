// SPDX-License-Identifier: BSD-2-Clause

// Go's garbage collector in little memory: several goroutines make far more than there is, one spins, and what is kept stays whole.
package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) count() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

// About 30 MiB, in pieces of 16 bytes.
func trees(keep *tree) int {
	var group sync.WaitGroup
	var nodes int64
	for i := 0; i < 4; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := 0; n < 16; n++ {
				atomic.AddInt64(&nodes, int64(grow(14).count()))
			}
		}()
	}
	group.Wait()
	return int(nodes) + keep.count()
}

// Maps of strings and slices of many sizes, half of which is dropped.
func mixed() (sum int) {
	kept := map[string][]byte{}
	for i := 0; i < 8000; i++ {
		name := fmt.Sprint("name ", i)
		kept[name] = make([]byte, i%700+1)
		kept[name][i%700] = byte(i)
		if i%2 == 1 {
			delete(kept, fmt.Sprint("name ", i-1))
		}
	}
	for i := 1; i < 8000; i += 2 {
		sum += int(kept[fmt.Sprint("name ", i)][i%700])
	}
	return sum
}

// One after the other, twice as much as all of the memory.
func large() (sum int) {
	for i := 0; i < 12; i++ {
		block := make([]byte, 8<<20)
		for at := 0; at < len(block); at += 4096 {
			block[at] = byte(i)
		}
		sum += int(block[4096]) + int(block[4097])
	}
	return sum
}

// A stack that grows, and is copied, again and again; pointers into it must follow.
func deep(n int, above *int) int {
	var here [16]int
	here[n%16] = *above + 1
	if n == 0 {
		return here[0]
	}
	return deep(n-1, &here[n%16])
}

func finalizers() bool {
	var gone int32
	for i := 0; i < 10; i++ {
		runtime.SetFinalizer(grow(2), func(*tree) { atomic.AddInt32(&gone, 1) })
	}
	for i := 0; i < 100 && atomic.LoadInt32(&gone) == 0; i++ {
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	return atomic.LoadInt32(&gone) > 0
}

func main() {
	var stop int32
	ended := make(chan int)
	keep, zero := grow(12), 0
	before := debug.SetGCPercent(50)
	go func() {
		for atomic.LoadInt32(&stop) == 0 {
		}
		ended <- 1
	}()
	fmt.Println("collects at", before, "percent")
	fmt.Println("nodes:", trees(keep))
	fmt.Println("mixed:", mixed())
	fmt.Println("large:", large())
	fmt.Println("deep:", deep(100000, &zero))
	fmt.Println("finalized:", finalizers())
	debug.FreeOSMemory()
	fmt.Println("kept:", keep.count())
	atomic.StoreInt32(&stop, 1)
	fmt.Println("ended:", <-ended)
	var statistics runtime.MemStats
	runtime.ReadMemStats(&statistics)
	fmt.Println("collected often:", statistics.NumGC >= 10)
}
