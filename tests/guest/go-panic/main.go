// SPDX-License-Identifier: BSD-2-Clause

// A panic that nobody recovers ends the program with status 2 and the trace of its goroutine: Go walks the stack that a signal interrupted.
package main

import (
	"fmt"
	"time"
)

type node struct {
	next  *node
	value int
}

//go:noinline
func last(n *node, depth int) int {
	if depth == 0 {
		return n.value
	}
	return last(n.next, depth-1) + 1
}

func main() {
	defer fmt.Println("main is not left in order")
	go func() {
		defer fmt.Println("deferred")
		fmt.Println(last(&node{next: &node{}}, 2))
	}()
	time.Sleep(10 * time.Second)
}
