
dist_man_MANS += data/ccmq-convert.1 data/ccmq-import.1 \
	data/ccmq-postoffice.5
EXTRA_DIST += data/postoffice.conf.sample data/demo/postoffice.conf
EXTRA_DIST += data/samples
