/* `ccmq convert` alone, for tests. */
#include "convert/convert.h"

int
main(int argc, char **argv)
{
	return convert_command(argc, argv);
}
