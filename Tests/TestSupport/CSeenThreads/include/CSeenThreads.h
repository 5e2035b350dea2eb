#pragma once
// No public functions: this library replaces functions of the C library.
