! SPDX-License-Identifier: BSD-2-Clause
! What the Fortran runtime needs must work as on Linux: formatted and list-directed output, array intrinsics, memory for
! allocatable arrays, floating point to the last digit.
program main
  implicit none
  real(8), allocatable :: a(:, :), b(:, :), c(:, :)
  integer :: i, j, n
  character(len=20) :: text

  n = 60
  allocate (a(n, n), b(n, n))
  do j = 1, n
    do i = 1, n
      a(i, j) = 1.0d0 / (i + j)
      b(i, j) = sin(real(i * j, 8))
    end do
  end do
  c = matmul(a, b)
  print '(a, f20.12)', 'trace    ', sum([(c(i, i), i = 1, n)])
  print '(a, es20.12)', 'greatest ', maxval(abs(c))
  write (text, '(i8.8)') n * 12345
  print *, 'text ', trim(text), ' ', count(b > 0)
  print '(3(f10.5, 1x))', sqrt([2.0d0, 3.0d0, 5.0d0])
  if (any(c /= c)) stop 2
  stop 0
end program main
