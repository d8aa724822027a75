# C types of trace.py, where it is compiled.
cimport cython
from sse_window.core.simplex cimport Tableau

cdef double _AMOUNT, _BREAKPOINT, _INFINITY


cdef class Trace:
    cdef readonly Tableau tableau
    cdef readonly double low, high, cost, slope
    cdef readonly Py_ssize_t count
    cdef Py_ssize_t[:, ::1] _columns, _bases
    cdef double[:, ::1] _amounts
    cdef Py_ssize_t[::1] _counts
    cdef double[::1] _costs, _slopes
    cdef Py_ssize_t _given, _waiting, _fresh, _steps, _rows
    cdef double _base, _at, _end, _waiting_low
    cdef bint _begun, _to_cross, _last, _ended

    @cython.locals(k=Py_ssize_t)
    cdef void _resize(self)
    cpdef void over(self, double low, double high)
    @cython.locals(low=double, following=double, upper=double, given=bint)
    cpdef bint advance(self)
    cdef bint _give_last(self)
    @cython.locals(swapped=Py_ssize_t)
    cdef void _give(self, double high)
    cdef void _wait(self, double low)
    @cython.locals(
        tableau=Tableau, place=Py_ssize_t, slope=double, count=Py_ssize_t, r=Py_ssize_t,
        column=Py_ssize_t, amount=double, i=Py_ssize_t,
    )
    cdef void _read(self)
    @cython.locals(fresh=Py_ssize_t, waiting=Py_ssize_t, i=Py_ssize_t)
    cdef bint _alike(self)
    cpdef Py_ssize_t column(self, Py_ssize_t i)
    cpdef double amount(self, Py_ssize_t i)
    cpdef tuple held(self)
    cpdef tuple basis(self)
    cpdef void read(self)
