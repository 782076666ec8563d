import type { Finding } from './config-error.ts';
import type { Outline } from './outline.ts';

/** One identity is one person, and a group is looked at in one way. */
export function checkPeople({ people, groups }: Outline): Finding[] {
  const seen = new Map<string, string>();
  const once = (path: readonly PropertyKey[], key: string, id: string | undefined): Finding[] => {
    if (id === undefined) return [];
    const name = `${key} ${id.toLowerCase()}`;
    const before = seen.get(name);
    seen.set(name, before ?? path.join('.'));
    return before === undefined
      ? []
      : [{ path, message: `names ${id} a second time: one identity is one person.` }];
  };
  return [
    ...people.flatMap((person, index) => {
      if (person === undefined) return [];
      const at = ['people', index];
      return [
        ...once([...at, 'slack'], 'slack', person.slack),
        ...once([...at, 'github'], 'github', person.github),
        ...person.aws.flatMap((arn, n) => once([...at, 'aws', n], 'aws', arn)),
      ];
    }),
    ...groups.flatMap((group, index) => once(['groups', index, 'id'], 'group', group?.id)),
  ];
}
