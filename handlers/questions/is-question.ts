const asking =
  /^(?:why|what|which|who|whom|whose|how|when|where|is|are|was|were|does|do|did|has|have|had|can|could|will|would|should|explain|tell|describe)\b/i;

/** Whether somebody asks something rather than mistypes a command: a sentence that begins or ends as questions do. */
export function isQuestion(text: string): boolean {
  const words = text.trim().split(/\s+/);
  return words.length > 1 && (asking.test(text.trim()) || /\?\s*$/.test(text));
}
