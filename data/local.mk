
dist_man_MANS += data/ccmq-convert.1 data/ccmq-import.1 \
	data/ccmq-postoffice.5 data/ccmq-backup.7 data/ccmq-serve.7 \
	data/ccmq-tour.7
EXTRA_DIST += data/demo/postoffice.conf
EXTRA_DIST += data/demo/demo.sh data/demo/import.sh data/demo/incident.sh \
	data/demo/original.sh data/demo/produce.sh
EXTRA_DIST += data/pictures
EXTRA_DIST += data/samples

dist_man_MANS += data/ccmq.1 data/ccmq-archive.5 data/ccmq-archive.8 \
	data/ccmq-history.5
# Their tables are the program's own.
man_MANS += data/ccmqd.8 data/ccmq.conf.5
EXTRA_DIST += data/ccmqd.8.in data/ccmq.conf.5.in
CLEANFILES += data/ccmqd.8 data/ccmq.conf.5 data/ccmq.conf.sample \
	data/ccmqd.service data/ccmq-watch.service data/ccmq-archive.service

data/ccmqd.8: data/ccmqd.8.in ccmqd$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) data && ./ccmqd$(EXEEXT) --mdoc-events >$@.t && \
		$(SED) -e '/^@EVENTS@$$/{r $@.t' -e 'd;}' \
		$(srcdir)/data/ccmqd.8.in >$@ && rm -f $@.t

data/ccmq.conf.5: data/ccmq.conf.5.in ccmqd$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) data && ./ccmqd$(EXEEXT) --mdoc-settings >$@.t && \
		$(SED) -e '/^@SETTINGS@$$/{r $@.t' -e 'd;}' \
		$(srcdir)/data/ccmq.conf.5.in >$@ && rm -f $@.t

if CONSOLE
man_MANS += data/ccmq-console.1
endif
EXTRA_DIST += data/ccmq-console.1.in
CLEANFILES += data/ccmq-console.1
data/ccmq-console.1: data/ccmq-console.1.in ccmq$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) data && ./ccmq$(EXEEXT) --mdoc-keys >$@.t && \
		$(SED) -e '/^@KEYS@$$/{r $@.t' -e 'd;}' \
		$(srcdir)/data/ccmq-console.1.in >$@ && rm -f $@.t

exampledir = $(docdir)/examples
nodist_example_DATA = data/ccmq.conf.sample
dist_example_DATA = data/postoffice.conf.sample
data/ccmq.conf.sample: ccmqd$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) data && ./ccmqd$(EXEEXT) --print-sample >$@

unitdir = $(systemdsystemunitdir)
nodist_unit_DATA = data/ccmqd.service data/ccmq-watch.service
if LIBPQ
nodist_unit_DATA += data/ccmq-archive.service
endif
data/ccmqd.service data/ccmq-watch.service data/ccmq-archive.service: \
		data/%.service: \
		data/%.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) data && $(SED) -e 's|@sbindir[@]|$(sbindir)|' \
		-e 's|@bindir[@]|$(bindir)|' $< >$@
dist_sysusers_DATA = data/ccmq.sysusers
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = data/completion/ccmq.bash
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = data/completion/_ccmq
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = data/completion/ccmq.fish
EXTRA_DIST += data/ccmqd.service.in data/ccmq-watch.service.in \
	data/ccmq-archive.service.in

# Where the distributions look for them.
install-data-hook:
	cd $(DESTDIR)$(bashcompletiondir) && mv -f ccmq.bash ccmq
	cd $(DESTDIR)$(sysusersdir) && mv -f ccmq.sysusers ccmq.conf
uninstall-hook:
	rm -f $(DESTDIR)$(bashcompletiondir)/ccmq
	rm -f $(DESTDIR)$(sysusersdir)/ccmq.conf
