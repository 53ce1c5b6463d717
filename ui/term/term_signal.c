/* SPDX-License-Identifier: ISC */
/* term: signals, and giving the terminal back. See term.h for the contract. */
#include "term/term_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const int ending[] = { SIGTERM, SIGINT, SIGHUP };
static const int noting[] = { SIGWINCH, SIGTSTP, SIGCONT };

/* These end nothing, or cannot be had, or the shell wants them. */
static const int harmless[] = {
	SIGKILL, SIGSTOP, SIGCHLD, SIGURG, SIGTTIN, SIGTTOU,
};

/* A stack that has overflown has no room for a handler. */
static char handler_stack[64 * 1024];

/* Only write(2) and tcsetattr(3), both async-signal-safe. Errors: the line is
 * gone, nothing is left to give back. */
void
term_give_back(bool screen_too)
{
	size_t end = screen_too ? term.restore_len : strlen(TERM_PASTE_OFF);
	size_t at = 0;

	while (at < end) {
		ssize_t n = write(STDOUT_FILENO, term.restore + at, end - at);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &term.saved);
}

static void
die(int number)
{
	if (term.taken && getpid() == term.owner)
		term_give_back(true);
	term.taken = 0;
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static void
wake(void)
{
	int saved = errno;

	(void)!write(term.wake[1], "", 1);
	errno = saved;
}

/* SIGHUP never ends it at once: a shell that leaves may send it twice. */
static void
on_ending(int number)
{
	if (term.ended && number != SIGHUP && term.ended != SIGHUP)
		die(number);
	term.ended = number;
	wake();
}

static void
on_noting(int number)
{
	if (number == SIGWINCH)
		term.winch = 1;
	else if (number == SIGTSTP)
		term.stop = 1;
	else
		term.continued = 1;
	wake();
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool
is_in(int number, const int *numbers, size_t count)
{
	while (count > 0 && numbers[count - 1] != number)
		count--;
	return count > 0;
}

/* Whether it ends the process if nobody handles it. */
static bool
is_fatal(int number)
{
	struct sigaction now;

	return !is_in(number, ending, COUNT(ending)) &&
		!is_in(number, noting, COUNT(noting)) &&
		!is_in(number, harmless, COUNT(harmless)) &&
		sigaction(number, NULL, &now) == 0 &&
		now.sa_handler != SIG_IGN;
}

/* Any of them: an operator's kill -USR1 too leaves a terminal in order. */
static void
install_fatal(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler,
		.sa_flags = (int)SA_RESETHAND | SA_ONSTACK };

	sigemptyset(&action.sa_mask);
	for (int number = 1; number <= SIGRTMAX; number++)
		if (is_fatal(number))
			(void)sigaction(number, &action, NULL);
}

static void
install(const int *numbers, size_t count, void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < count; i++)
		(void)sigaction(numbers[i], &action, NULL);
}

void
term_signals_before(void)
{
	int stop = SIGTSTP;

	install(&stop, 1, SIG_IGN, 0);
}

int
term_signals_install(struct error *err)
{
	stack_t stack = { .ss_sp = handler_stack,
		.ss_size = sizeof handler_stack };

	if (pipe2(term.wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return error_sys(err, errno, "make a pipe for signals");
	install(ending, COUNT(ending), on_ending, SA_RESTART);
	install(noting, COUNT(noting), on_noting, SA_RESTART);
	(void)sigaltstack(&stack, NULL);
	install_fatal(die);
	return 0;
}

void
term_signals_remove(void)
{
	install(ending, COUNT(ending), SIG_DFL, 0);
	install(noting, COUNT(noting), SIG_DFL, 0);
	install_fatal(SIG_DFL);
	close(term.wake[0]);
	close(term.wake[1]);
}

void
term_signals_stop(void)
{
	int stop = SIGTSTP, go_on = SIGCONT;

	install(&stop, 1, SIG_DFL, 0);
	install(&go_on, 1, SIG_DFL, 0);
	/* Forgotten before it stops: what is noted from here on is the next. */
	term.continued = 0;
	term.stop = 0;
	/* The whole job, as the terminal's own Ctrl-Z would. */
	(void)kill(0, SIGTSTP);
	install(noting, COUNT(noting), on_noting, SA_RESTART);
}
