! SPDX-License-Identifier: BSD-2-Clause
! Files of every kind that Fortran knows, its clocks, its view of arguments and environment, and an error that ends it.
program main
  use, intrinsic :: iso_fortran_env
  implicit none
  integer, parameter :: n = 5000
  real(8) :: values(n), again(n), start, finish
  integer :: unit, i, size, status, length
  integer(int64) :: before, after, rate
  character(len=40) :: line, text
  logical :: there

  call get_command_argument(1, line)
  call get_environment_variable('PLACE', text, length, status)
  print '(i0, 4a, i0)', command_argument_count(), ' ', trim(line), ' ', trim(text), length
  values = [(1.0d0 / i, i = 1, n)]

  open (newunit=unit, file='/tmp/anchorite.seq', form='unformatted', status='replace')
  write (unit) n, values
  rewind (unit)
  read (unit) i, again
  close (unit)
  inquire (file='/tmp/anchorite.seq', size=size, exist=there)
  print '(a, i0, 1x, l1, 1x, l1)', 'sequential ', size, there, all(values == again) .and. i == n

  open (newunit=unit, file='/tmp/anchorite.dir', access='direct', recl=16, status='replace')
  do i = 100, 1, -1
    write (unit, rec=i) i, i * i, values(i)
  end do
  read (unit, rec=77) i, size, start
  print '(a, i0, 1x, i0, 1x, l1)', 'direct ', i, size, start == values(77)
  read (unit, rec=101, iostat=status) i
  print '(a, l1)', 'no such record ', status /= 0
  close (unit, status='delete')

  open (newunit=unit, file='/tmp/anchorite.txt', access='stream', form='formatted', status='replace')
  do i = 1, 50
    write (unit, '(a, i0)') 'line ', i
  end do
  backspace (unit)
  read (unit, '(a)') line
  read (unit, '(a)', iostat=status) text
  print '(3a, l1)', 'last ', trim(line), ', end ', is_iostat_end(status)
  close (unit, status='delete')
  open (newunit=unit, file='/tmp/anchorite.seq', status='old')
  close (unit, status='delete')
  inquire (file='/tmp/anchorite.seq', exist=there)
  open (newunit=unit, file='/none/such', status='old', iostat=status, iomsg=line)
  print '(l1, 1x, a)', there, trim(line)

  call system_clock(before, rate)
  call cpu_time(start)
  call work(values)
  call cpu_time(finish)
  call system_clock(after)
  print '(a, i0, 1x, l1, 1x, l1)', 'clocks ', rate, after >= before, finish >= start
  write (error_unit, '(a)') 'now it ends'
  error stop 3

contains

  subroutine work(v)
    real(8), intent(inout) :: v(:)

    do i = 1, 20
      v = sqrt(v + i)
    end do
  end subroutine work
end program main
