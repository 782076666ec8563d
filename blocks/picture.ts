/** A picture below a message: drawn when the message is posted, since most are never asked for. */
export type Picture = {
  /** File name, with `.png`. */
  readonly name: string;
  readonly title: string;
  /** What the picture shows, for who does not see it: the finding, not the form. At most 2,000 characters. */
  readonly altText: string;
  /** SVG of 1,600 by 800, in DejaVu Sans. */
  readonly svg: () => string;
};
