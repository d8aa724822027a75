# C types of profiles.py, where it is compiled.
cimport cython
from sse_window.core.simplex cimport Tableau
from sse_window.core.systems cimport Phases, System
from sse_window.core.trace cimport Trace

cdef double _CONTENT, _INFINITY, _NAN, _SAME_CONTENT, _SAME_ENERGY


cdef class Profiles:
    cdef readonly Phases phases
    cdef System _open, _closed
    cdef Tableau _tableau
    cdef Trace _trace
    cdef double[::1] _b
    cdef public Py_ssize_t[::1] first, length, held_first, held_length, held_row
    cdef public double[::1] conserved, content, hull, low, high, cost, slope, held_amount
    cdef readonly dict problems
    cdef readonly Py_ssize_t segments, held
    cdef Py_ssize_t _room, _held_room

    cpdef void _make_room(self, Py_ssize_t segments, Py_ssize_t held)
    @cython.locals(at=Py_ssize_t, i=Py_ssize_t)
    cpdef void trace(
        self, const Py_ssize_t[::1] offsets, const Py_ssize_t[::1] numbers, const double[::1] amounts,
        const Py_ssize_t[::1] lows, const Py_ssize_t[::1] highs, const Py_ssize_t[::1] order, Py_ssize_t ion,
        double charge, bint all_steps,
    )
    @cython.locals(
        system=System, trace=Trace, tableau=Tableau, begin=Py_ssize_t, end=Py_ssize_t,
        content=double, j=Py_ssize_t, conserved=double, own=double, held=double, energy=double,
    )
    cdef void _one(
        self, const Py_ssize_t[::1] offsets, const Py_ssize_t[::1] numbers, const double[::1] amounts,
        Py_ssize_t low, Py_ssize_t high, Py_ssize_t i, Py_ssize_t ion, double charge,
        bint all_steps,
    )
    @cython.locals(at=Py_ssize_t, j=Py_ssize_t, column=Py_ssize_t, amount=double)
    cdef void _keep(self, Trace trace, System system, Py_ssize_t i, double conserved)
    @cython.locals(
        begin=Py_ssize_t, end=Py_ssize_t, j=Py_ssize_t, poor=double, rich=double, share=double,
        energy=double, voltage=double, least=double,
    )
    cdef double _from_open(self, Py_ssize_t i, double content)
    @cython.locals(system=System, tableau=Tableau, atoms=double)
    cdef double _closed_energy(
        self, const Py_ssize_t[::1] offsets, const Py_ssize_t[::1] numbers, const double[::1] amounts,
        Py_ssize_t low, Py_ssize_t high, Py_ssize_t i,
    )


@cython.locals(tableau=Tableau, b="double[::1]", at=Py_ssize_t, i=Py_ssize_t)
cpdef dict closed_minima(
    System system, const Py_ssize_t[::1] offsets, const Py_ssize_t[::1] numbers, const double[::1] amounts,
    const Py_ssize_t[::1] lows, const Py_ssize_t[::1] highs, const Py_ssize_t[::1] order, double[::1] out,
)
