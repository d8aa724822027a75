# C types of contacts.py, where it is compiled.
cimport cython
from sse_window.core.profiles cimport Profiles
from sse_window.core.simplex cimport Tableau
from sse_window.core.systems cimport System
from sse_window.core.trace cimport Trace

cdef double _NAN, _NONE, _BREAKPOINT


cdef class Contacts:
    cdef readonly Profiles first, second
    cdef const Py_ssize_t[::1] _offsets0, _numbers0, _offsets1, _numbers1
    cdef const Py_ssize_t[::1] _lows0, _highs0, _lows1, _highs1
    cdef Py_ssize_t[::1] _start
    cdef const double[::1] _amounts0, _amounts1
    cdef double[::1] _b0, _b1, _voltages, _totals, _mutuals, _fractions
    cdef double[:, ::1] _matrix, _costs
    cdef readonly Py_ssize_t ion
    cdef readonly double charge
    cdef System _closed, _open
    cdef Tableau _tableau
    cdef Trace _vertex
    cdef double _x, _conserved0, _conserved1, _atoms0, _atoms1
    cdef Py_ssize_t _height, _width

    @cython.locals(height=Py_ssize_t, width=Py_ssize_t)
    cdef void _reserve(self, Py_ssize_t k, Py_ssize_t n)
    @cython.locals(
        first=Profiles, second=Profiles, low=Py_ssize_t, high=Py_ssize_t, c=Py_ssize_t,
        system=System, count=Py_ssize_t, v=Py_ssize_t, voltage=double, own0=double, own1=double,
        alone0=double, alone1=double, worst=Py_ssize_t,
    )
    cpdef void energies(
        self, Py_ssize_t i, Py_ssize_t j, double energy0, double energy1, double low_V,
        double high_V, double[::1] out,
    )
    @cython.locals(v=Py_ssize_t, voltage=double, energy=double)
    cdef void _against_metal(
        self, Py_ssize_t i, Py_ssize_t j, double energy0, double energy1, Py_ssize_t count
    )
    @cython.locals(held=double)
    cdef double _given(self, Profiles profiles, Py_ssize_t i, double energy, double voltage)
    @cython.locals(begin=Py_ssize_t, at=Py_ssize_t)
    cdef double _alone(self, Profiles profiles, Py_ssize_t i, double voltage)
    @cython.locals(best=double, v=Py_ssize_t, at=Py_ssize_t)
    cdef Py_ssize_t _lowest(self, double[::1] values, Py_ssize_t count)
    @cython.locals(
        needed=Py_ssize_t, count=Py_ssize_t, kept=Py_ssize_t, v=Py_ssize_t, voltage=double,
        apart=bint,
    )
    cdef Py_ssize_t _transitions(self, Py_ssize_t i, Py_ssize_t j, double low, double high)
    @cython.locals(begin=Py_ssize_t, at=Py_ssize_t, v=Py_ssize_t, voltage=double)
    cdef Py_ssize_t _insert(
        self, Profiles profiles, Py_ssize_t i, double low, double high, Py_ssize_t count
    )
    @cython.locals(n=Py_ssize_t, k=Py_ssize_t, r=Py_ssize_t, c=Py_ssize_t)
    cdef void _mix(self, System system, Py_ssize_t i, Py_ssize_t j)
    cdef void _begin(self, System system, double voltage)
    @cython.locals(n=Py_ssize_t, c=Py_ssize_t)
    cdef void _price(self, System system, double voltage, double energy0, double energy1)
    @cython.locals(
        vertex=Trace, energy=double, fraction0=double, fraction1=double, c=Py_ssize_t,
        atoms0=double, atoms1=double,
    )
    cdef double _least(self, System system, double voltage, double energy0, double energy1)
    @cython.locals(i=Py_ssize_t, j=Py_ssize_t, at=Py_ssize_t)
    cpdef dict all(
        self, const double[::1] energies0, const double[::1] energies1, const double[::1] lows, const double[::1] highs,
        const Py_ssize_t[::1] order, double[:, :, ::1] out,
    )
