#pragma once
// Nothing is called from outside: what is in this library takes the place of functions of the C library.
