/* SPDX-License-Identifier: ISC */
/* exit0: the least import program there is. It only exits 0. */
int
main(void)
{
	return 0;
}
