/** The lines that are not in order, as they are printed. */
export const troublesIn = (out: string) =>
  out.split('\n').filter((line) => /^(missing|skipped) /.test(line));
