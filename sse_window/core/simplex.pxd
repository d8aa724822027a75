# C types of simplex.py, where it is compiled.
cimport cython

cdef bint _COMPILED
cdef double _FACE, _SLOPE, _AMOUNT, _PIVOT, _RATIO, _INFINITY, _GROWTH


cdef class Tableau:
    cdef readonly Py_ssize_t k, n, m
    cdef public double growth
    cdef bint driving_out
    cdef public const double[:, ::1] matrix, objectives
    cdef public double[:, ::1] body
    cdef public Py_ssize_t[::1] start, basis, face
    cdef public double[::1] b
    cdef double[:, ::1] _square
    cdef double _next
    cdef Py_ssize_t _entering, _rows, _width

    @cython.locals(rows=Py_ssize_t, width=Py_ssize_t)
    cpdef void resize(self, Py_ssize_t k, Py_ssize_t n)
    cpdef void pose(
        self, const double[:, ::1] matrix, const double[:, ::1] objectives, Py_ssize_t[::1] start
    )
    @cython.locals(r=Py_ssize_t, c=Py_ssize_t, held=Py_ssize_t, row=Py_ssize_t)
    cpdef void find_units(self)
    @cython.locals(r=Py_ssize_t, artificial=bint)
    cpdef void begin(self, const double[::1] b)
    @cython.locals(r=Py_ssize_t)
    cpdef void begin_at(self, const double[::1] b, const Py_ssize_t[::1] basis)
    @cython.locals(r=Py_ssize_t, c=Py_ssize_t, j=Py_ssize_t, unit=double)
    cdef void _rows_of_units(self)
    @cython.locals(k=Py_ssize_t, n=Py_ssize_t, r=Py_ssize_t, c=Py_ssize_t, j=Py_ssize_t, factor=double)
    cpdef void refresh(self)
    @cython.locals(r=Py_ssize_t, c=Py_ssize_t, j=Py_ssize_t, unit=double)
    cdef void _basis_columns(self)
    @cython.locals(
        k=Py_ssize_t, column=Py_ssize_t, place=Py_ssize_t, r=Py_ssize_t, j=Py_ssize_t,
        largest=double, pivot=double, factor=double, swapped=double,
    )
    cdef void _invert(self, Py_ssize_t wide)
    @cython.locals(
        k=Py_ssize_t, n=Py_ssize_t, i=Py_ssize_t, r=Py_ssize_t, c=Py_ssize_t, factor=double
    )
    cpdef void reduce(self)
    @cython.locals(r=Py_ssize_t, c=Py_ssize_t, i=Py_ssize_t, total=double)
    cdef void _reduce_artificial(self)
    @cython.locals(growth=double)
    cpdef void reprice(self)
    @cython.locals(c=Py_ssize_t, first=double)
    cpdef void turn(self)
    @cython.locals(k=Py_ssize_t, n=Py_ssize_t, r=Py_ssize_t, i=Py_ssize_t, total=double)
    cpdef void polish(self)
    @cython.locals(r=Py_ssize_t, count=Py_ssize_t)
    cpdef Py_ssize_t real(self)
    @cython.locals(value=double)
    cpdef double objective(self, Py_ssize_t i)
    @cython.locals(i=Py_ssize_t)
    cpdef void minimise(self, Py_ssize_t first, Py_ssize_t end, Py_ssize_t count=*)
    @cython.locals(kept=Py_ssize_t, c=Py_ssize_t, i=Py_ssize_t)
    cdef Py_ssize_t _optimal_face(self, Py_ssize_t row, Py_ssize_t count)
    @cython.locals(stalled=Py_ssize_t, column=Py_ssize_t, bland=bint, step=double)
    cdef void _optimise(self, Py_ssize_t row, Py_ssize_t count)
    @cython.locals(best=Py_ssize_t, c=Py_ssize_t, i=Py_ssize_t, least=double)
    cdef Py_ssize_t _best(self, Py_ssize_t row, Py_ssize_t count, bint bland)
    @cython.locals(
        k=Py_ssize_t, n=Py_ssize_t, row=Py_ssize_t, r=Py_ssize_t, step=double, chosen=double,
        largest=double, rate=double, size=double, amount=double, ratio=double, artificial=bint,
        better=bint,
    )
    cpdef double enter(self, Py_ssize_t column, bint bland)
    @cython.locals(r=Py_ssize_t, c=Py_ssize_t, pivot=double, factor=double)
    cdef void _eliminate(self, Py_ssize_t row, Py_ssize_t column)
    @cython.locals(c=Py_ssize_t, falling=double, at=double)
    cpdef double breakpoint_above(self)
    @cython.locals(c=Py_ssize_t, count=Py_ssize_t)
    cpdef void cross(self, double rise)
