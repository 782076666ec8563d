/** What a modal asks about. */
export type ModalName = 'reject' | 'snooze' | 'rollback' | 'details' | 'note';
