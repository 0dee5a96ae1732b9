! SPDX-License-Identifier: BSD-2-Clause
! Fortran's arrays in OpenMP's threads: worksharing, reductions of arrays, tasks, and output from several threads, one at a time.
program main
  use omp_lib
  implicit none
  integer, parameter :: n = 64
  real(8) :: a(n, n), b(n, n), c(n, n), trace
  integer :: histogram(8), i, j, team, lines

  team = 0
  lines = 0
  histogram = 0
  !$omp parallel
  !$omp master
  team = omp_get_num_threads()
  !$omp end master
  !$omp workshare
  a = 2.0d0
  b = 0.5d0
  !$omp end workshare
  !$omp do private(i) schedule(dynamic, 5)
  do j = 1, n
    do i = 1, n
      a(i, j) = a(i, j) + mod(i * j, 7)
      b(i, j) = b(i, j) + mod(i + j, 5)
    end do
  end do
  !$omp end do
  !$omp do
  do j = 1, n
    c(:, j) = matmul(a, b(:, j))
  end do
  !$omp end do
  !$omp do reduction(+:histogram)
  do j = 1, 1000
    histogram(mod(j, 8) + 1) = histogram(mod(j, 8) + 1) + j
  end do
  !$omp end do
  !$omp critical
  lines = lines + 1
  print '(a, i0)', 'line ', lines
  !$omp end critical
  !$omp end parallel
  trace = 0
  !$omp parallel do reduction(+:trace)
  do i = 1, n
    trace = trace + c(i, i)
  end do
  print '(a, i0, a, f16.4)', 'team ', team, ', trace ', trace
  print '(8(i0, 1x))', histogram
  !$omp parallel
  !$omp single
  print '(a, i0)', 'fibonacci ', fibonacci(16)
  !$omp end single
  !$omp end parallel

contains

  recursive function fibonacci(k) result(f)
    integer, intent(in) :: k
    integer :: f, x, y

    f = k
    if (k < 2) return
    !$omp task shared(x) if (k > 8)
    x = fibonacci(k - 1)
    !$omp end task
    !$omp task shared(y) if (k > 8)
    y = fibonacci(k - 2)
    !$omp end task
    !$omp taskwait
    f = x + y
  end function fibonacci
end program main
