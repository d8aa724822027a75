# C types of systems.py, where it is compiled.
cimport cython
from sse_window.core.simplex cimport Tableau

cdef bint _COMPILED
cdef Py_ssize_t _BITS, _ENUMERATED


cdef class Phases:
    cdef public const Py_ssize_t[::1] offsets, numbers, rank
    cdef public Py_ssize_t[::1] found
    cdef public const double[::1] amounts, energies
    cdef Py_ssize_t[::1] _rows, _lows, _highs, _begins, _table
    cdef Py_ssize_t _sets, _slots
    cdef object _found_array

    @cython.locals(slot=Py_ssize_t, place=Py_ssize_t)
    cdef Py_ssize_t _slot(self, Py_ssize_t low, Py_ssize_t high)
    @cython.locals(
        count=Py_ssize_t, members=Py_ssize_t, part_low=Py_ssize_t, part_high=Py_ssize_t,
        place=Py_ssize_t,
    )
    cpdef Py_ssize_t within(self, Py_ssize_t low, Py_ssize_t high)
    @cython.locals(i=Py_ssize_t)
    cdef Py_ssize_t _take(self, Py_ssize_t place, Py_ssize_t count)
    @cython.locals(count=Py_ssize_t)
    cdef Py_ssize_t _members(self, Py_ssize_t word)


cdef class System:
    cdef readonly Phases phases
    cdef readonly Py_ssize_t k, n, ion
    cdef readonly double charge
    cdef public Py_ssize_t[::1] elements, rows, start
    cdef public double[::1] conserved
    cdef public double[:, ::1] matrix, objectives, falling, highest
    cdef Py_ssize_t[::1] _place
    cdef Py_ssize_t _low, _high, _height, _width

    @cython.locals(height=Py_ssize_t, width=Py_ssize_t)
    cdef void _reserve(self, Py_ssize_t k, Py_ssize_t n)
    @cython.locals(
        phases=Phases, count=Py_ssize_t, n=Py_ssize_t, i=Py_ssize_t, j=Py_ssize_t, row=Py_ssize_t,
        begin=Py_ssize_t, end=Py_ssize_t, conserved=double, ions=double, r=Py_ssize_t,
        c=Py_ssize_t, real=bint, cost=double, held=double, order=double, one=Py_ssize_t,
    )
    cpdef void over(self, Py_ssize_t low, Py_ssize_t high, Py_ssize_t ion, double charge)
    @cython.locals(k=Py_ssize_t, z=Py_ssize_t, word=Py_ssize_t, i=Py_ssize_t, r=Py_ssize_t)
    cdef void _order_elements(self)
    cpdef void pose(self, Tableau tableau)
    @cython.locals(total=double, r=Py_ssize_t, j=Py_ssize_t)
    cpdef double vector(
        self, const Py_ssize_t[::1] numbers, const double[::1] amounts, Py_ssize_t begin, Py_ssize_t end,
        double[::1] out,
    )
