export type RolloutEvent = { readonly type: 'RolloutOpened' };
