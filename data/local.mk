EXTRA_DIST += data/samples
