/**
 * How a page of a pull begins where each of its rows stands on a line of its own. It is JSON like any other (RFC 8259,
 * section 2: line feeds between values mean nothing, and inside of strings there are none), so whoever reads it as a whole
 * may; who knows can take it line by line: most rows are plain ASCII, for which strings take half the memory and a
 * fraction of the time, and one row with other letters would make all of the page's text of the slow kind.
 */
export const pageLinesStart = '{"rows":[\n';
