#!/bin/sh
# Workers with a batch of eight, verbs beside a ccmqd that runs on, names of the
# store that somebody replaces, and holders of jobs: a sample of the points;
# sweep_long.sh tries them all (PART=batch, beside, names, job).

set -u
. "${srcdir:-.}/tests/fault/sweep_lib.sh"
PART="batch beside names job"
sample=30
everything=
. "${srcdir:-.}/tests/fault/sweep_parts.sh"
finish
