/** One line of the thread: past tense, numbers first. `loud`: people have to act, so the channel hears it once. */
export type Milestone = { readonly text: string; readonly loud: boolean };

export const quiet = (text: string): Milestone => ({ text, loud: false });
export const loud = (text: string): Milestone => ({ text, loud: true });
