/* SPDX-License-Identifier: ISC */
/*
 * unit: what every unit test needs. Include it first.
 *
 * A test program is tables of named cases and one main with cmocka's
 * cmocka_run_group_tests. Under automake its output is TAP.
 */
#ifndef CCMQ_TESTS_UNIT_H
#define CCMQ_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

#endif
