/** Text from outside for a terminal: control characters, which could move the cursor or hide text, become `?`. */
export function printable(text: string): string {
  return [...text].map((char) => (isControl(char) ? '?' : char)).join('');
}

function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return (
    (code < 32 && char !== '\n') ||
    (code >= 127 && code < 160) ||
    (code >= 0x202a && code <= 0x202e)
  );
}
