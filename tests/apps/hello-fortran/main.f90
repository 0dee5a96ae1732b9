! SPDX-License-Identifier: BSD-2-Clause
program hello
  implicit none
  integer :: i
  real(8) :: x(5)
  x = [(sqrt(real(i, 8)), i = 1, 5)]
  print '(A)', 'Hello from Fortran'
  print '(5F8.4)', x
  print '(A,F8.4)', 'sum', sum(x)
end program hello
