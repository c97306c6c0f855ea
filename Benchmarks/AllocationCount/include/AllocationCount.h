#pragma once

#include <stdint.h>

/// How many times this process has asked for memory: malloc, calloc, realloc, and what is built on them.
uint64_t allocation_count(void);
