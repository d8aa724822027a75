# C types of amounts.py, where it is compiled.
cimport cython

cdef Py_ssize_t _DECIMAL_DENOMINATOR, _SIMPLE_DENOMINATOR
cdef double _EXACT, _TYPED_PRECISION, _LARGEST, _WHOLE, _NEARLY_HALF


@cython.locals(
    simple_top=cython.longlong, simple_bottom=cython.longlong, rest=double, p0=cython.longlong,
    q0=cython.longlong, p1=cython.longlong, q1=cython.longlong, part=cython.longlong, off=double,
    largest=double,
)
cpdef fraction_of(double amount)

@cython.locals(whole=cython.longlong, scaled=double, digits=cython.longlong, width=Py_ssize_t)
cpdef str format_amount(double amount)
